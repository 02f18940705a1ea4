"""Texts in CSV that no spreadsheet may take for a formula: what was typed could send data away there (CWE-1236)."""

import re
from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With their full-width forms, which some spreadsheets read as the same characters."""
_AFTER_SEPARATOR: Final = re.compile(r"((?:^;|(?<=\S)[;\t\r\n])\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a Finnish spreadsheet, whose cells end at a semicolon whatever the quotes, would begin to read a formula."""


def plain(text: str) -> str:
    """The text behind an apostrophe wherever a spreadsheet would begin to read a formula; else as it is.

    In XLSX texts are stored as texts and need nothing.
    """
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_STARTS) or text.lstrip().startswith(_STARTS) else text
