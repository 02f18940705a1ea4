"""Reports for people: tagged PDF (PDF/UA-1), set with the compiler's own fonts, the same bytes when made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

import orjson
import typst

from services.billing.domain.invoice import KELA
from services.billing.outputs.columns import Cell
from services.billing.outputs.markup import settable
from services.billing.outputs.report_tables import ReportTable, shown
from shared.contracts.base import Text
from shared.money import Language

_STANDARD: Final = "ua-1"
_NOTHING: Final = Text(fi="Ei rivejä.", sv="Inga rader.", en="No rows.")
_TOTAL: Final = Text(fi="Yhteensä", sv="Totalt", en="Total")
_RIGHT: Final = frozenset({"number", "money", "share"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart and its text alternative."""

    title: str
    svg: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """What the PDF says.

    Attributes:
        title: Its heading.
        notice: Stands on each page: that the prices are assumed.
        notes: What a reader must know.
    """

    title: str
    notice: str
    notes: tuple[str, ...]
    language: Language
    tables: tuple[ReportTable, ...]
    pictures: tuple[Picture, ...] = ()


def as_pdf(report: Report, created: datetime) -> bytes:
    """Set a report.

    Args:
        report: The report.
        created: Written as the time of creation.

    Raises:
        typst.TypstError: The layout cannot be set as an accessible document.
    """
    content = {
        "title": report.title,
        "author": KELA.name_sv if report.language == "sv" else KELA.name_fi,
        "notice": report.notice,
        "notes": report.notes,
        "language": report.language,
        "nothing": _NOTHING.in_language(report.language),
        "charts": [{"alt": one.title, "svg": one.svg.decode()} for one in report.pictures],
        "tables": [_laid(table) for table in report.tables],
    }
    text = orjson.dumps(content).decode()
    try:
        return _set(text, created)
    except typst.TypstError:
        # A name with a character that the typeface lacks must not stop the report.
        return _set(settable(text), created)


def _set(content: str, created: datetime) -> bytes:
    made = _compiler().compile(
        format="pdf",
        sys_inputs={"content": content},
        pdf_standards=_STANDARD,
        timestamp=int(created.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("the compiler gave no single file")
    return made


@lru_cache
def _compiler() -> typst.Compiler:
    """One compiler for all reports: it finds its own fonts once, and never those of the machine."""
    template = Path(__file__).with_name("report.typ")
    return typst.Compiler(template, root=template.parent, ignore_system_fonts=True)


def _laid(table: ReportTable) -> dict[str, object]:
    def row(cells: Sequence[Cell]) -> list[str]:
        return [shown(cell, kind, table.language) for cell, kind in zip(cells, table.kinds, strict=True)]

    total = _TOTAL.in_language(table.language)
    return {
        "title": table.title,
        "headings": table.headings,
        "widths": table.widths,
        "right": [kind in _RIGHT for kind in table.kinds],
        "rows": [row(cells) for cells in table.rows],
        "sums": [total, *row(table.sums)[1:]] if table.summed else None,
    }
