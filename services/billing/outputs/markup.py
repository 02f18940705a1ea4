"""Small helpers over lxml that both e-invoice formats share."""

import re
import textwrap

from lxml import etree

_FORBIDDEN = re.compile(r"[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot carry, and line breaks, which the formats' token types do not keep."""

_UNSETTABLE = re.compile(
    r"[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2010-\u2014\u2018-\u201e\u2020-\u2026\u20ac\u2212\u2211\u03a3]"
)
"""What is no letter of a European language nor a sign that the documents write themselves."""


def settable(text: str) -> str:
    """The text in characters that the typeface of the PDFs has; `?` stands for every other one."""
    return _UNSETTABLE.sub("?", text)


def clean(text: str) -> str:
    """The text as XML carries it: one space for every run of white space and for what cannot be written."""
    return " ".join(_FORBIDDEN.sub(" ", text).split())


def cut(text: str, longest: int) -> str:
    """The cleaned text, shortened at a word with an ellipsis if a field is too small for it."""
    whole = clean(text)
    if len(whole) <= longest:
        return whole
    return textwrap.shorten(whole, longest, placeholder="…").lstrip("…") or whole[:longest]


def pieces(text: str, longest: int, shortest: int = 1) -> list[str]:
    """The cleaned text in pieces that fit a repeatable field, none shorter than the field takes."""
    whole = clean(text)
    if shortest <= len(whole) <= longest:
        return [whole]
    for width in range(longest, longest // 2, -1):
        parts = textwrap.wrap(whole, width)
        if all(len(part) >= shortest for part in parts):
            return parts
    return [whole[:longest]] if len(whole) >= shortest else []


def written(root: etree._Element) -> bytes:
    """The document in UTF-8, indented, with its declaration; the same tree gives the same bytes."""
    etree.indent(root)
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return content + b"\n"
