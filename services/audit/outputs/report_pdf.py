"""Reports for people: tagged PDF (PDF/UA-1) with a chart, the same bytes when made again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson
import typst

from services.audit.domain.generic_report import GenericReport
from services.audit.domain.indicators import Indicators
from services.audit.outputs.tables import Cell, ReportTable, at, shown, shown_band, tables, title, words
from shared.bar_chart import Bar, bar_chart
from shared.contracts.base import Language

_STANDARD: Final = "ua-1"
AUTHOR: Final = {"fi": "Kansaneläkelaitos", "sv": "Folkpensionsanstalten", "en": "Kela"}


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a table stands on paper: which columns, the headings of those that are put together, and their widths."""

    columns: tuple[int | tuple[int, int], ...]
    headings: dict[int, str]
    widths: tuple[int, ...]


_LAYOUTS: Final = {
    "indicators": _Layout((1, (2, 3), 4, (5, 6), 7), {1: "value", 3: "before"}, (9, 4, 3, 4, 3)),
    "parts": _Layout((1, 3, (4, 5)), {2: "value"}, (5, 8, 3)),
    "overrides": _Layout((0, 1, 2, 3), {}, (4, 4, 3, 8)),
    "trend": _Layout((0, (1, 2)), {1: "value"}, (1, 1)),
    "explained": _Layout((1, 2), {}, (4, 11)),
}


def as_pdf(report: GenericReport, table: Indicators, language: Language) -> bytes:
    """Set a report.

    Raises:
        typst.TypstError: The layout cannot be set as an accessible document.
    """
    laid = tables(report, table, language)
    content = {
        "title": title(report, language),
        "author": AUTHOR[language],
        "language": language,
        "notes": notes(report, table, language),
        "nothing": words(language)["nothing"],
        "chart": {"alt": words(language)["trend"], "svg": trend_chart(report, language).decode()},
        "tables": [_on_paper(one, language) for one in laid],
    }
    return set_pdf(content, report.made)


def set_pdf(content: Mapping[str, object], made: datetime) -> bytes:
    """Set what `report.typ` is given: a heading, what must be known, a chart and tables.

    Raises:
        typst.TypstError: The layout cannot be set as an accessible document.
    """
    found = _compiler().compile(
        format="pdf",
        sys_inputs={"content": orjson.dumps(content).decode()},
        pdf_standards=_STANDARD,
        timestamp=int(made.timestamp()),
    )
    if not isinstance(found, bytes):
        raise TypeError("the compiler gave no single file")
    return found


def notes(report: GenericReport, table: Indicators, language: Language) -> list[str]:
    """What a reader must know."""
    said = words(language)
    return [
        said["notice"].format(people=table.settings.people),
        said["made"].format(made=at(report.made), size=report.log_size),
    ]


def trend_chart(report: GenericReport, language: Language) -> bytes:
    """All use of this and earlier months; of a band, the least it may be is drawn and the band written."""
    months = [*((one.month, one.volume) for one in report.trend), (report.month, report.value("volume"))]
    bars = [
        Bar(str(month), Decimal(value.least), shown_band(value.least, value.most, language))
        for month, value in months
        if value is not None
    ]
    said = words(language)
    return bar_chart(f"{said['trend']}: {said['month'].lower()}", title(report, language), bars, signed=False)


@lru_cache
def _compiler() -> typst.Compiler:
    """One compiler for all reports: it finds its own fonts once, and never those of the machine."""
    template = Path(__file__).with_name("report.typ")
    return typst.Compiler(template, root=template.parent, ignore_system_fonts=True)


def _on_paper(table: ReportTable, language: Language) -> dict[str, object]:
    """A table with fewer columns: on paper there is no room for names of programs, and a band is one figure."""
    layout, said = _LAYOUTS[table.name], words(language)

    def cell(row: Sequence[Cell], column: int | tuple[int, int]) -> str:
        if isinstance(column, tuple):
            return shown_band(row[column[0]], row[column[1]], language)
        return shown(row[column], table.kinds[column], language)

    headings = [table.headings[one] if isinstance(one, int) else "" for one in layout.columns]
    for place, word in layout.headings.items():
        headings[place] = said[word]
    return {
        "title": table.title,
        "headings": headings,
        "widths": layout.widths,
        "right": [isinstance(one, tuple) or table.kinds[one] != "text" for one in layout.columns],
        "rows": [[cell(row, one) for one in layout.columns] for row in table.rows],
    }
