"""Whether an identity code stands in a text, however it is written. Pure."""

import unicodedata
from typing import Final

from shared.finnish.identity_code import contains_identity_code

_MINUS: Final = "\N{MINUS SIGN}"


def names_a_person(*texts: str) -> bool:
    """Whether an identity code stands in one of the texts as a reader sees it.

    Other dashes and full-width characters count as the plain ones, and what is invisible is left out.
    """
    return any(contains_identity_code(_as_seen(text)) for text in texts)


def impersonal(text: str) -> str:
    """The text, if no identity code stands in it and the database can hold it.

    Raises:
        ValueError: It names a person.
    """
    if "\0" in text or names_a_person(text):
        raise ValueError("an identity code stands in it")
    return text


def _as_seen(text: str) -> str:
    kinds = ((one, unicodedata.category(one)) for one in unicodedata.normalize("NFKC", text).replace(_MINUS, "-"))
    return "".join("-" if kind == "Pd" else one for one, kind in kinds if kind != "Cf")
