"""Tables as CSV and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, TypeVar

import xlsxwriter

from services.billing.outputs.columns import Cell, Column, Kind
from shared.contracts.base import Text
from shared.formula import plain

R = TypeVar("R")
_FORMATS: Final[dict[Kind, dict[str, str]]] = {
    "text": {},
    "number": {"num_format": "0"},
    "money": {"num_format": "#,##0.00"},
    "price": {"num_format": "0.0000"},
    "date": {"num_format": "yyyy-mm-dd"},
}


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to be written; `language` is that of its headings for people."""

    title: str
    language: Literal["fi", "sv"]
    names: tuple[str, ...]
    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str
    """Stands above the table in XLSX: that the prices are assumed."""


def table(
    title: Text, columns: Sequence[Column[R]], rows: Iterable[R], note: Text, language: Literal["fi", "sv"]
) -> Table:
    """Lay rows out in columns."""
    return Table(
        title.in_language(language),
        language,
        tuple(column.name for column in columns),
        tuple(column.heading.in_language(language) for column in columns),
        tuple(column.kind for column in columns),
        tuple(column.width for column in columns),
        tuple(tuple(column.value(row) for column in columns) for row in rows),
        note.in_language(language),
    )


def as_csv(content: Table) -> bytes:
    """CSV after RFC 4180, UTF-8: decimal point, ISO dates. A text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(content.names)
    writer.writerows([_csv_cell(cell) for cell in row] for row in content.rows)
    return out.getvalue().encode()


def as_xlsx(tables: Sequence[Table], created: datetime) -> bytes:
    """A workbook with one sheet a table: real numbers and dates, frozen headings.

    Args:
        tables: The sheets.
        created: Written as the time of creation, so that the same tables give the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": created.replace(tzinfo=None, microsecond=0), "author": "Kelmu"})
    bold = book.add_format({"bold": True, "bottom": 1})
    italic = book.add_format({"italic": True})
    formats = {kind: book.add_format(style) for kind, style in _FORMATS.items()}
    for content in tables:
        sheet = book.add_worksheet(content.title)
        sheet.write_string(0, 0, content.note, italic)
        for index, (heading, width) in enumerate(zip(content.headings, content.widths, strict=True)):
            sheet.set_column(index, index, width)
            sheet.write_string(1, index, heading, bold)
        sheet.freeze_panes(2, 0)
        for number, row in enumerate(content.rows, start=2):
            for index, (cell, kind) in enumerate(zip(row, content.kinds, strict=True)):
                _write(sheet, number, index, cell, formats[kind])
    book.close()
    return out.getvalue()


def _write(
    sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: Cell, style: "xlsxwriter.format.Format"
) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, style)
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001 - a civil date
        case Decimal() | int():
            sheet.write_number(row, column, cell, style)
        case _:
            sheet.write_string(row, column, cell, style)


def _csv_cell(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return plain(cell)
        case date():
            return cell.isoformat()
        case _:
            return str(cell)
