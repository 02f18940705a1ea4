"""Settlement rows as CSV and XLSX, for a municipality's bookkeeping: by command of claims, by download of the gateway.

Spreadsheets take a text that begins like a formula for one and work it out: in CSV such a text stands behind an
apostrophe; in XLSX texts are stored as texts.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import xlsxwriter

from shared.contracts.answers import SettlementRow
from shared.contracts.base import Text
from shared.formula import plain

COLUMNS: Final[tuple[tuple[str, Text, int], ...]] = (
    ("reference", Text(fi="Viite", sv="Referens", en="Reference"), 22),
    ("number", Text(fi="Vaatimus", sv="Krav", en="Claim"), 24),
    ("payday", Text(fi="Maksupäivä", sv="Betalningsdag", en="Payday"), 12),
    ("first", Text(fi="Ajalta", sv="Från", en="From"), 12),
    ("last", Text(fi="Saakka", sv="Till", en="To"), 12),
    ("gross", Text(fi="Brutto", sv="Brutto", en="Gross payment"), 12),
    ("withheld", Text(fi="Pidätetty", sv="Innehållet", en="Withheld"), 12),
    ("net", Text(fi="Maksu", sv="Betalning", en="Net payment"), 12),
    ("to_municipality", Text(fi="Kunnalle", sv="Till kommunen", en="To the municipality"), 14),
    ("to_client", Text(fi="Asiakkaalle", sv="Till klienten", en="To the client"), 14),
    ("others", Text(fi="Muitakin saajia", sv="Även andra får", en="Others share"), 14),
    ("correction", Text(fi="Oikaisu", sv="Rättelse", en="Correction"), 10),
    ("returned", Text(fi="Palautus", sv="Återbetalning", en="Return"), 10),
)
"""Name, heading and width of each column."""
_EUROS: Final = frozenset({"gross", "withheld", "net", "to_municipality", "to_client"})


def as_csv(rows: Sequence[SettlementRow]) -> bytes:
    """CSV after RFC 4180, UTF-8: decimal point, ISO dates, `yes` or nothing; what is not told is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([name for name, _, _ in COLUMNS])
    writer.writerows([_cell(name, getattr(row, name)) for name, _, _ in COLUMNS] for row in rows)
    return out.getvalue().encode()


def as_xlsx(rows: Sequence[SettlementRow], title: str, created: datetime) -> bytes:
    """A workbook with one sheet: real numbers and dates, frozen headings in Finnish.

    Args:
        rows: The rows.
        title: Of the sheet.
        created: Written as the time of creation, so that the same rows give the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": created.replace(tzinfo=None, microsecond=0), "author": "Kelmu"})
    bold = book.add_format({"bold": True, "bottom": 1})
    euros, days = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet(title)
    for column, (name, heading, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading.fi, bold)
        for line, row in enumerate(rows, start=1):
            value = getattr(row, name)
            if value is None:
                sheet.write_blank(line, column, None)
            elif name in _EUROS:
                sheet.write_number(line, column, Decimal(value), euros)
            elif isinstance(value, date):
                sheet.write_datetime(line, column, datetime(value.year, value.month, value.day), days)  # noqa: DTZ001 - a civil date
            else:
                sheet.write_string(line, column, _text(value))
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _cell(name: str, value: object) -> str:
    """A value as CSV holds it. Euros are our own, and may begin with a minus."""
    text = _text(value)
    return text if name in _EUROS else plain(text)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else ""
        case date():
            return value.isoformat()
        case _:
            return str(value)
