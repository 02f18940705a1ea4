"""CEF read by the book, apart from the code that writes it, and strings that are made to break it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

HEADER_PARTS = 7


class CefError(ValueError):
    """Not a line of CEF."""


@dataclass(frozen=True)
class Parsed:
    vendor: str
    product: str
    version: str
    class_id: str
    name: str
    severity: str
    extension: dict[str, str]


def parse(line: str) -> Parsed:
    """Read one line: the header up to its seventh bare pipe, then keys before bare equals signs."""
    if "\n" in line or "\r" in line:
        raise CefError("more than one line")
    if not line.startswith("CEF:0|"):
        raise CefError("no CEF:0")
    parts, rest = _header(line[len("CEF:0|") :])
    vendor, product, version, class_id, name, severity = parts
    return Parsed(vendor, product, version, class_id, name, severity, _extension(rest))


def _header(text: str) -> tuple[list[str], str]:
    parts, current, place = [], "", 0
    while place < len(text):
        character = text[place]
        if character == "\\":
            if text[place + 1 : place + 2] not in ("\\", "|"):
                raise CefError("a bare backslash in the header")
            current += text[place + 1]
            place += 2
            continue
        place += 1
        if character != "|":
            current += character
            continue
        parts.append(current)
        current = ""
        if len(parts) == HEADER_PARTS - 1:
            return parts, text[place:]
    raise CefError("the header is too short")


def _extension(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    starts = list(_keys(text))
    for (start, equals), (end, _) in zip(starts, [*starts[1:], (len(text) + 1, 0)], strict=True):
        key = text[start:equals]
        if key in found or not key.isascii() or not key.replace("_", "").isalnum():
            raise CefError(f"key {key!r}")
        found[key] = _unescaped(text[equals + 1 : end - 1])
    if text and (not starts or starts[0][0] != 0):
        raise CefError("something stands before the first key")
    return found


def _keys(text: str) -> Iterator[tuple[int, int]]:
    """Where each key begins, and its equals sign."""
    place, space = 0, -1
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        if text[place] == " ":
            space = place
        elif text[place] == "=":
            yield space + 1, place
        place += 1


def _unescaped(value: str) -> str:
    out, place = "", 0
    meanings = {"\\": "\\", "=": "=", "n": "\n", "r": "\r"}
    while place < len(value):
        if value[place] != "\\":
            out += value[place]
            place += 1
            continue
        if value[place + 1 : place + 2] not in meanings:
            raise CefError("an unknown escape")
        out += meanings[value[place + 1]]
        place += 2
    return out


PIECES = (
    *("\\", "|", "=", "\r", "\n", "\r\n", " ", "\t", "\\n", "\\r", "\\=", "\\|", "\\\\"),
    *(
        "CEF:0|",
        "|10|",
        " outcome=granted",
        " cs1=x",
        "outcome=",
        "%0a",
        "${jndi:x}",
        "<",
        ">",
        "'",
        '"',
        "a",
        "Z",
        "0",
    ),
    *("\x00", "\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\u202e", "\u200d"),
    *("å", "ß", "é", "\u03a9", "\uff1d", "\uff5c", "\uff3c", "\U0001f600", "\U0010ffff"),
)


def hostile(seed: int, count: int) -> Iterator[str]:
    """So many strings of pieces that break what is put together carelessly; the same seed gives the same."""
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(chance.choices(PIECES, k=chance.randrange(12)))
