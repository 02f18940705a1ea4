"""A generic report as files: byte for byte the same when written again."""

from pathlib import Path
from typing import Final

import orjson

from services.audit.domain.generic_report import GenericReport
from services.audit.domain.indicators import Indicators
from services.audit.outputs.report_pdf import as_pdf, notes, trend_chart
from services.audit.outputs.spreadsheets import as_csv, as_xlsx
from services.audit.outputs.tables import tables
from shared.contracts.base import Language

Form = str
MEDIA: Final = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
"""Forms in which a report is fetched, and their media types; the CSV is that of the indicators."""


def as_json(report: GenericReport) -> bytes:
    """The report for programs."""
    return orjson.dumps(report.model_dump(mode="json"), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def written(report: GenericReport, table: Indicators, language: Language, form: Form) -> bytes:
    """The report in one of the forms of `MEDIA`.

    Raises:
        KeyError: There is no such form.
    """
    makers = {
        "json": lambda: as_json(report),
        "csv": lambda: as_csv(tables(report, table, language)[0]),
        "xlsx": lambda: as_xlsx(tables(report, table, language), notes(report, table, language)[0], report.made),
        "pdf": lambda: as_pdf(report, table, language),
    }
    return makers[form]()


def stem(report: GenericReport) -> str:
    """The name of a report's files, without their endings."""
    return f"{report.month}-{report.municipality or 'none'}-{report.organisation or 'none'}"


def report_files(report: GenericReport, table: Indicators, language: Language) -> dict[str, bytes]:
    """Every file of a report by name: one CSV a table, one workbook, the PDF, its chart, and JSON."""
    name = stem(report)
    laid = tables(report, table, language)
    whole = {f"{name}.{form}": written(report, table, language, form) for form in ("json", "xlsx", "pdf")}
    plain = {f"{name}.{one.name}.csv": as_csv(one) for one in laid}
    return {**whole, **plain, f"{name}.trend.svg": trend_chart(report, language)}


def write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files; their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in files]
