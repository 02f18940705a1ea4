"""Tables of a report as CSV and XLSX: real numbers, frozen headings, charts; the same bytes when made again."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.audit.outputs.tables import Cell, Kind, ReportTable
from shared.formula import plain

_FORMATS: Final[dict[Kind, str]] = {"text": "@", "number": "#,##0", "share": "0.0 %", "change": "+0.0 %;-0.0 %;0.0 %"}
_HEADINGS: Final = 1
_FIRST: Final = 2
_CHARTS: Final = {"trend": (0, 2), "parts": (3, 5), "hours": (0, 1)}
"""Tables that have a chart: the columns of its labels and of its values."""
_CHART_SIZE: Final = {"width": 720, "height": 480}


def as_csv(table: ReportTable) -> bytes:
    """CSV after RFC 4180, UTF-8: decimal point. A text that a spreadsheet would run gets an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.names)
    writer.writerows([_csv_cell(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode()


def as_xlsx(tables: Sequence[ReportTable], notice: str, created: datetime) -> bytes:
    """A workbook with one sheet a table.

    Args:
        tables: The sheets.
        notice: Stands above each table.
        created: Written as the time of creation, so that the same tables give the same bytes.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": created.replace(tzinfo=None, microsecond=0), "author": "Kelmu"})
    note = book.add_format({"italic": True})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    cells = {kind: book.add_format({"num_format": style}) for kind, style in _FORMATS.items()}
    for table in tables:
        sheet = book.add_worksheet(table.title[:31])
        sheet.write_string(0, 0, notice, note)
        _fill(sheet, table, heading, cells)
        if table.name in _CHARTS and table.rows:
            _draw(book, sheet, table)
    book.close()
    return out.getvalue()


def _fill(sheet: Worksheet, table: ReportTable, heading: Format, cells: dict[Kind, Format]) -> None:
    for column, (words, width) in enumerate(zip(table.headings, table.widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEADINGS, column, words, heading)
    sheet.freeze_panes(_FIRST, 0)
    for number, row in enumerate(table.rows, start=_FIRST):
        for column, (cell, kind) in enumerate(zip(row, table.kinds, strict=True)):
            _write(sheet, number, column, cell, cells[kind])


def _draw(book: xlsxwriter.Workbook, sheet: Worksheet, table: ReportTable) -> None:
    labels, values = _CHARTS[table.name]
    last = _FIRST + len(table.rows) - 1
    drawn = book.add_chart({"type": "bar" if table.name == "parts" else "column"})
    drawn.add_series(
        {
            "categories": [sheet.get_name(), _FIRST, labels, last, labels],
            "values": [sheet.get_name(), _FIRST, values, last, values],
        }
    )
    drawn.set_title({"name": table.title, "name_font": {"size": 11}})
    drawn.set_size(_CHART_SIZE)
    drawn.set_legend({"none": True})
    if table.name == "parts":
        drawn.set_y_axis({"reverse": True})
    sheet.insert_chart(_FIRST, len(table.names) + 1, drawn)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, style)
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
        case _:
            return str(cell)
