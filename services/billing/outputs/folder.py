"""The folder that finance gets: every file of every document, and a summary of each period.

`BOOK/PERIOD/NUMBER` with `.json` (the document), `.csv` and `.xlsx` (its lines), `.xml` (Finvoice), `.ubl.xml`
(UBL 2.1) and `.pdf` (for people).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from services.billing.domain.invoice import Invoice
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.outputs.columns import (
    INVOICES,
    LINES,
    MEMBERS,
    ROLLED,
    InvoiceLine,
    InvoiceShare,
    Rolled,
)
from services.billing.outputs.finvoice import as_finvoice
from services.billing.outputs.pdf import as_pdf
from services.billing.outputs.tables import Table, as_csv, as_xlsx, table
from services.billing.outputs.ubl import as_ubl
from shared.contracts.base import Text

_LINES = Text(fi="Rivit", sv="Rader", en="Lines")
_MEMBERS = Text(fi="Erittely kunnittain", sv="Specifikation per kommun", en="Members")
_INVOICES = Text(fi="Laskut", sv="Fakturor", en="Invoices")
_ROLLED = Text(fi="Siirretyt", sv="Överförda", en="Rolled over")
_FIRST_DAY = datetime(2016, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice and its stored bytes, which are the JSON file."""

    invoice: Invoice
    content: bytes

    @classmethod
    def read(cls, content: bytes) -> "Document":
        """Read a stored document."""
        return cls(Invoice.model_validate_json(content), content)


def write_folder(folder: Path, documents: Iterable[Document], rolled: Iterable[Rolled]) -> list[Path]:
    """Write every invoice and the summaries; existing files of the same names are replaced.

    Returns:
        The paths written, in order.
    """
    written: list[Path] = []
    periods: dict[tuple[str, str], list[Invoice]] = {}
    for document in documents:
        invoice = document.invoice
        periods.setdefault((invoice.price_book, invoice.period), []).append(invoice)
        stem = _period_folder(folder, invoice.price_book, invoice.period) / invoice.number
        written += _write(stem, {"json": document.content, **_invoice_files(invoice)})
    left: dict[tuple[str, str], list[Rolled]] = {}
    for amount in rolled:
        left.setdefault((amount.book, amount.period), []).append(amount)
    for book, period in sorted(periods.keys() | left.keys()):
        stem = _period_folder(folder, book, period) / "summary"
        written += _write(stem, _summary_files(periods.get((book, period), []), left.get((book, period), [])))
    return written


def file_of(document: Document, extension: str) -> bytes:
    """One file of a document.

    Raises:
        KeyError: There is no such file.
    """
    invoice = document.invoice
    makers: dict[str, Callable[[], bytes]] = {
        "json": lambda: document.content,
        "csv": lambda: as_csv(_invoice_tables(invoice)[0]),
        "xlsx": lambda: as_xlsx(_invoice_tables(invoice), invoice.issued_at),
        "xml": lambda: as_finvoice(invoice),
        "ubl.xml": lambda: as_ubl(invoice),
        "pdf": lambda: as_pdf(invoice),
    }
    return makers[extension]()


def _invoice_files(invoice: Invoice) -> dict[str, bytes]:
    lines, members = _invoice_tables(invoice)
    return {
        "csv": as_csv(lines),
        "xlsx": as_xlsx((lines, members), invoice.issued_at),
        "xml": as_finvoice(invoice),
        "ubl.xml": as_ubl(invoice),
        "pdf": as_pdf(invoice),
    }


def _invoice_tables(invoice: Invoice) -> tuple[Table, Table]:
    language = invoice.payer.language
    lines = [InvoiceLine(invoice, line) for line in invoice.lines]
    shares = [InvoiceShare(invoice, share) for share in invoice.members]
    return (
        table(_LINES, LINES, lines, ASSUMED_PRICE, language),
        table(_MEMBERS, MEMBERS, shares, ASSUMED_PRICE, language),
    )


def _summary_files(invoices: Sequence[Invoice], rolled: Sequence[Rolled]) -> dict[str, bytes]:
    """The summary is for Kela's finance, so its headings are Finnish."""
    listed = table(_INVOICES, INVOICES, invoices, ASSUMED_PRICE, "fi")
    waiting = table(_ROLLED, ROLLED, rolled, ASSUMED_PRICE, "fi")
    created = max((invoice.issued_at for invoice in invoices), default=_FIRST_DAY)
    return {"csv": as_csv(listed), "xlsx": as_xlsx((listed, waiting), created)}


def _period_folder(folder: Path, book: str, period: str) -> Path:
    return folder / book / period.replace("/", "-")


def _write(stem: Path, files: dict[str, bytes]) -> list[Path]:
    stem.parent.mkdir(parents=True, exist_ok=True)
    paths = []
    for extension, content in files.items():
        path = stem.parent / f"{stem.name}.{extension}"
        path.write_bytes(content)
        paths.append(path)
    return paths
