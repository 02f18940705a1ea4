"""The words of the pages: gettext catalogues, the same keys in each language (tests/unit/gateway/test_words.py)."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from shared.contracts.base import Language

LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")
FOLDER: Final = Path(__file__).parent / "locale"


class Words:
    """One language's words by dotted key.

    Attributes:
        language: the language that they are in.
    """

    def __init__(self, language: Language, catalogue: Catalog) -> None:
        self.language: Language = language
        self._plural = {key_of(message.id): not isinstance(message.id, str) for message in catalogue if message.id}
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        self._translations = Translations(compiled)

    def __call__(self, key: str, **values: object) -> str:
        """The words for a key, with values filled in; where the words depend on a number, `count` chooses them.

        Raises:
            KeyError: nobody wrote them, or a value is missing; a page never shows a key.
        """
        if self._plural[key]:
            count = values["count"]
            if not isinstance(count, int):
                raise TypeError(f"the words '{key}' need a whole number as count")
            return self._translations.ngettext(key, key, count).format(**values)
        text: str = self._translations.gettext(key)
        return text.format(**values) if values else text

    def of(self, table: str, value: str) -> str:
        """The words for a value that another service sent; the value itself if it is newer than these words."""
        key = f"{table}.{value}"
        return self(key) if key in self._plural else value

    def has(self, key: str) -> bool:
        """Whether somebody wrote words for the key."""
        return key in self._plural

    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._plural)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: Language) -> Words:
    """The words of one language, read once.

    Raises:
        PoFileError: a catalogue is not written as gettext writes them.
    """
    return Words(language, catalogue(language))


def catalogue(language: Language) -> Catalog:
    """All catalogues of one language as one: each area of the pages may have a file of its own.

    Raises:
        ValueError: two files hold the same key.
    """
    whole = Catalog(locale=language)
    for path in sorted((FOLDER / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id and message.id in whole:
                    raise ValueError(f"{path.name} repeats the key '{key_of(message.id)}'")
                if message.id:
                    whole[message.id] = message
    return whole


def key_of(identity: str | list[str] | tuple[str, ...]) -> str:
    """The key of a message, which gettext repeats where there are plural forms."""
    return identity if isinstance(identity, str) else identity[0]


def language_of(cookie: str | None, accept_language: str) -> Language:
    """The language to answer in: the one chosen before, else the first wish that we have, else Finnish."""
    wishes = [cookie or "", *(part.split(";")[0].strip()[:2].lower() for part in accept_language.split(","))]
    return next((known for wish in wishes for known in LANGUAGES if known == wish), "fi")
