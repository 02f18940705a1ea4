"""Workbooks of reports: real numbers, frozen headings, charts, and under each table its sums twice.

The first row of sums is a formula that the spreadsheet works out, the second the exact figure of this program; a
reader sees at once that nothing was lost on the way.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from services.billing.outputs.columns import Cell
from services.billing.outputs.report_tables import Kind, ReportTable
from shared.contracts.base import Text

_FORMATS: Final[dict[Kind, str]] = {
    "text": "@",
    "number": "#,##0",
    "money": "#,##0.00",
    "share": "0.0 %",
    "date": "yyyy-mm-dd",
}
_HEADINGS: Final = 1
_FIRST: Final = 2
_BY_FORMULA: Final = Text(fi="Yhteensä (kaava)", sv="Totalt (formel)", en="Total (formula)")
_BY_VALUE: Final = Text(fi="Yhteensä (laskettu)", sv="Totalt (beräknat)", en="Total (computed)")
_CHART_SIZE: Final = {"width": 900, "height": 520}


@dataclass(frozen=True, slots=True)
class SheetChart:
    """A chart beside a table: its labels stand in one column, its values in others."""

    table: str
    title: str
    labels: str
    values: tuple[str, ...]
    shape: Literal["bar", "column"]


def workbook(tables: Sequence[ReportTable], created: datetime, charts: Sequence[SheetChart] = ()) -> bytes:
    """A workbook with one sheet a table.

    Args:
        tables: The sheets.
        created: Written as the time of creation, so that the same tables give the same bytes.
        charts: Charts, each on the sheet of its table.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": created.replace(tzinfo=None, microsecond=0), "author": "Kelmu"})
    styles = _Styles(book)
    for table in tables:
        sheet = book.add_worksheet(table.title[:31])
        _fill(sheet, table, styles)
        for chart in charts:
            if chart.table == table.name and table.rows:
                _draw(book, sheet, table, chart)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.note = book.add_format({"italic": True})
        self.heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.cells: dict[Kind, Format] = {
            kind: book.add_format({"num_format": style}) for kind, style in _FORMATS.items()
        }
        self.formulas: dict[Kind, Format] = {
            kind: book.add_format({"num_format": style, "bold": True, "top": 1}) for kind, style in _FORMATS.items()
        }
        self.totals: dict[Kind, Format] = {
            kind: book.add_format({"num_format": style, "bold": True}) for kind, style in _FORMATS.items()
        }


def _fill(sheet: Worksheet, table: ReportTable, styles: _Styles) -> None:
    sheet.write_string(0, 0, table.note, styles.note)
    for at, (heading, width) in enumerate(zip(table.headings, table.widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(_HEADINGS, at, heading, styles.heading)
    sheet.freeze_panes(_FIRST, 0)
    for number, row in enumerate(table.rows, start=_FIRST):
        for at, (cell, kind) in enumerate(zip(row, table.kinds, strict=True)):
            _write(sheet, number, at, cell, styles.cells[kind])
    if table.summed and table.rows:
        _sums(sheet, table, styles)


def _sums(sheet: Worksheet, table: ReportTable, styles: _Styles) -> None:
    last = _FIRST + len(table.rows) - 1
    by_formula, by_value = last + 1, last + 2
    for at, (total, kind) in enumerate(zip(table.sums, table.kinds, strict=True)):
        if total is not None:
            span = f"{xl_rowcol_to_cell(_FIRST, at)}:{xl_rowcol_to_cell(last, at)}"
            # The value beside the formula is what a reader without a spreadsheet's engine sees.
            sheet.write_formula(by_formula, at, f"=SUM({span})", styles.formulas[kind], total)
            sheet.write_number(by_value, at, total, styles.totals[kind])
    sheet.write_string(by_formula, 0, _BY_FORMULA.in_language(table.language), styles.formulas["text"])
    sheet.write_string(by_value, 0, _BY_VALUE.in_language(table.language), styles.totals["text"])


def _draw(book: xlsxwriter.Workbook, sheet: Worksheet, table: ReportTable, chart: SheetChart) -> None:
    drawn = book.add_chart({"type": chart.shape})
    last = _FIRST + len(table.rows) - 1
    labels = table.names.index(chart.labels)
    for name in chart.values:
        at = table.names.index(name)
        drawn.add_series(
            {
                "name": table.headings[at],
                "categories": [sheet.get_name(), _FIRST, labels, last, labels],
                "values": [sheet.get_name(), _FIRST, at, last, at],
            }
        )
    drawn.set_title({"name": chart.title, "name_font": {"size": 11}})
    drawn.set_size(_CHART_SIZE)
    if chart.shape == "bar":
        # The first row of the table on top, as it is read; labels beside the plot where bars go below zero.
        drawn.set_y_axis({"reverse": True, "label_position": "low"})
    if len(chart.values) == 1:
        drawn.set_legend({"none": True})
    sheet.insert_chart(_FIRST, len(table.names) + 1, drawn)


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, style: Format) -> None:
    match cell:
        case None:
            sheet.write_blank(row, column, None, style)
        case date():
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001 - a civil date
        case Decimal() | int():
            sheet.write_number(row, column, cell, style)
        case _:
            sheet.write_string(row, column, cell, style)
