"""A specific report as a file: JSON, CSV, XLSX or PDF (PDF/UA-1). It is made when it is fetched and kept nowhere."""

import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Final

import orjson

from services.audit.outputs.report_pdf import AUTHOR, set_pdf
from services.audit.outputs.specific_tables import one_table, specific_tables, specific_title
from services.audit.outputs.spreadsheets import as_csv, as_xlsx
from services.audit.outputs.tables import Cell, Kind, ReportTable, at, shown, words
from shared.bar_chart import Bar, bar_chart
from shared.contracts.answers import SpecificReportView
from shared.contracts.base import Language

_LATIN: Final = 0x0180
"""First sign after Latin Extended-A, in which Finnish, Swedish, Sámi and the names of Europe are written."""
_MORE: Final = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u20ac\u2212"


def specific_written(view: SpecificReportView, language: Language, form: str, made: datetime) -> bytes:
    """The report in one of the forms in which reports are fetched.

    Args:
        view: The report.
        language: Of headings and texts.
        form: json, csv, xlsx or pdf.
        made: Business clock.

    Raises:
        KeyError: There is no such form.
        typst.TypstError: It cannot be set as an accessible document.
    """
    makers = {
        "json": lambda: orjson.dumps(
            view.model_dump(mode="json"),
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS,
        ),
        "csv": lambda: as_csv(one_table(view, language)),
        "xlsx": lambda: as_xlsx(specific_tables(view, language), words(language)["specific_notice"], made),
        "pdf": lambda: _as_pdf(view, language, made),
    }
    return makers[form]()


def on_paper(text: str) -> str:
    """Text as the PDF's own font can set it: without this, one typed sign would keep the whole report from its readers.

    Compatible forms become the common ones (NFKC); what is not Latin even then stands as a question mark. The other
    forms of the report hold what was typed.
    """
    return "".join(
        char if char.isprintable() and (ord(char) < _LATIN or char in _MORE) else "?"
        for char in unicodedata.normalize("NFKC", text)
    )


def specific_stem(view: SpecificReportView) -> str:
    """The name of a report's file, without its ending: it names nobody."""
    return f"specific-{view.row.report}"


def _as_pdf(view: SpecificReportView, language: Language, made: datetime) -> bytes:
    said, heading = words(language), specific_title(view.row, language)
    bars = [Bar(f"{hour:02}", Decimal(count), str(count)) for hour, count in sorted(view.hours.items())]
    content = {
        "title": heading,
        "author": AUTHOR[language],
        "language": language,
        "notes": [said["specific_notice"], *([said["cut"]] if view.cut else []), at(made)],
        "nothing": said["nothing"],
        "chart": {"alt": said["hours"], "svg": bar_chart(said["hours"], heading, bars, signed=False).decode()},
        "tables": [_on_paper(one, language) for one in specific_tables(view, language)],
    }
    return set_pdf(content, made)


def _on_paper(table: ReportTable, language: Language) -> dict[str, object]:
    return {
        "title": table.title,
        "headings": list(table.headings),
        "widths": list(table.widths),
        "right": [kind != "text" for kind in table.kinds],
        "rows": [
            [_cell(cell, kind, language) for cell, kind in zip(row, table.kinds, strict=True)] for row in table.rows
        ],
    }


def _cell(cell: Cell, kind: Kind, language: Language) -> str:
    text = shown(cell, kind, language)
    return on_paper(text) if kind == "text" else text
