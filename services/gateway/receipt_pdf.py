"""The receipt of a claim as a page to print (vastaanottokuittaus): one A4 sheet, the same bytes for the same receipt.

It tells what the receipt on the screen tells, and no more: nothing in it names the client. Pure.
"""

import re
from collections.abc import Iterator
from typing import Final

from fpdf import FPDF
from fpdf.enums import XPos, YPos

from services.gateway.domain import writing
from services.gateway.words import Words
from shared.contracts.answers import ClaimReceipt

MEDIA_TYPE: Final = "application/pdf"
_ENCODING: Final = "windows-1252"
"""Of the fonts that every reader of PDF has: all letters of the three languages, dashes and the euro sign."""
_FONT: Final = "helvetica"
_NUMBER: Final = re.compile(r"[A-Z]{1,2}-\d{4}-[0-9A-Z-]{1,30}")


def receipt_pdf(receipt: ClaimReceipt, t: Words) -> bytes:
    """The receipt in the reader's language.

    Args:
        receipt: As the claims service told it, its sentences in the same language.
        t: The words of that language.
    """
    pdf = FPDF(format="A4")
    # The dates of the file are the claim's arrival: printed again, it is the same file. Uncompressed: it is small, and
    # a reader as simple as the walk over the routes can see what it holds.
    pdf.set_creation_date(receipt.arrived)
    pdf.set_compression(False)
    pdf.core_fonts_encoding = _ENCODING
    pdf.set_lang(t.language)
    pdf.set_title(_printable(f"{t('receipt.title')} {receipt.number}"))
    pdf.set_margin(20)
    pdf.add_page()
    _line(pdf, t("receipt.title"), size=16, bold=True)
    for label, lines in _parts(receipt, t):
        pdf.ln(3)
        _line(pdf, label, size=9, bold=True)
        for line in lines:
            _line(pdf, line, size=11)
    return bytes(pdf.output())


def file_name(receipt: ClaimReceipt) -> str:
    """What the file is called: the claim's number, and nothing else that a service may have sent."""
    return f"{receipt.number}.pdf" if _NUMBER.fullmatch(receipt.number) else "receipt.pdf"


def _parts(receipt: ClaimReceipt, t: Words) -> Iterator[tuple[str, list[str]]]:
    """Labels with what stands under each, in the order of the page on the screen."""
    yield t("receipt.number"), [receipt.number]
    yield t("receipt.arrived"), [writing.moment(receipt.arrived, t.language)]
    yield t("receipt.state"), [t.of("state", receipt.state)]
    yield t("receipt.effective"), [_first_payday(receipt, t)]
    if receipt.missed_paydays:
        yield t("receipt.missed"), [", ".join(writing.day(one) for one in receipt.missed_paydays)]
    if receipt.warnings:
        yield t("receipt.warnings"), list(receipt.warnings)
    if receipt.next:
        yield t("receipt.next"), [receipt.next]


def _first_payday(receipt: ClaimReceipt, t: Words) -> str:
    if receipt.effective_payday is not None:
        return writing.day(receipt.effective_payday)
    return t("receipt.none") if receipt.earliest is None else f"{t('receipt.earliest')} {writing.day(receipt.earliest)}"


def _line(pdf: FPDF, text: str, *, size: int, bold: bool = False) -> None:
    """A paragraph over the whole width; it goes on over the page's end."""
    pdf.set_font(_FONT, "B" if bold else "", size)
    pdf.multi_cell(0, size * 0.5, _printable(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _printable(text: str) -> str:
    """The text with a question mark for what the fonts do not hold: a receipt is printed whatever a sentence says."""
    return text.encode(_ENCODING, "replace").decode(_ENCODING)
