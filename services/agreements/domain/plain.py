"""Texts as a reader sees them: what looks like an identity code is one, however it is written."""

import unicodedata
from collections.abc import Iterator, Mapping


def plain(text: str) -> str:
    """The text with every dash as ``-``, full-width and other look-alike forms plain, and what is invisible left out.

    ``\u2013`` (en dash) and ``\u2212`` (minus) stand in many copied identity codes.
    """
    seen = unicodedata.normalize("NFKC", text).replace("\N{MINUS SIGN}", "-")
    return "".join(_character(one) for one in seen)


def texts(value: object) -> Iterator[str]:
    """Every text anywhere within what was read of JSON, names of fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from texts(name)
            yield from texts(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from texts(part)


def _character(one: str) -> str:
    match unicodedata.category(one):
        case "Pd":
            return "-"
        case "Cf":
            return ""
        case _:
            return one
