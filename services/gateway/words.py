"""The words of the pages: one YAML file per language, the same keys in each (a test holds that)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

import yaml

from shared.contracts.base import Language

LANGUAGES: Final[tuple[Language, ...]] = ("fi", "sv", "en")
_FOLDER = Path(__file__).parent / "words"


class Words:
    """One language's words by dotted key."""

    def __init__(self, language: Language, words: Mapping[str, str]) -> None:
        self.language: Language = language
        self._words = dict(words)

    def __call__(self, key: str, **values: object) -> str:
        """The words for a key, with values filled in.

        Raises:
            KeyError: nobody wrote them; a page never shows a key.
        """
        return self._words[key].format(**values) if values else self._words[key]

    def of(self, table: str, value: str) -> str:
        """The words for a value that another service sent; the value itself if it is newer than these words."""
        return self._words.get(f"{table}.{value}", value)

    def has(self, key: str) -> bool:
        """Whether somebody wrote words for the key."""
        return key in self._words

    def keys(self) -> frozenset[str]:
        """Every key."""
        return frozenset(self._words)


@lru_cache(maxsize=len(LANGUAGES))
def words(language: Language) -> Words:
    """The words of one language, read once.

    Raises:
        ValueError: the file holds something else than nested texts.
    """
    content = yaml.safe_load((_FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))
    return Words(language, dict(_flatten(content, "")))


def _flatten(node: object, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield prefix, node
    elif isinstance(node, dict):
        for name, child in node.items():
            yield from _flatten(child, f"{prefix}.{name}" if prefix else str(name))
    else:
        raise ValueError(f"the words at '{prefix}' are no text")  # noqa: TRY004  # a bad file, not a bad call


def language_of(cookie: str | None, accept_language: str) -> Language:
    """The language to answer in: the one chosen before, else the first wish that we have, else Finnish."""
    wishes = [cookie or "", *(part.split(";")[0].strip()[:2].lower() for part in accept_language.split(","))]
    return next((known for wish in wishes for known in LANGUAGES if known == wish), "fi")
