"""A generic report as tables, in one language: the same rows for CSV, XLSX and PDF."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Final, Literal

import yaml

from services.audit.domain.generic_report import Band, Figure, GenericReport
from services.audit.domain.indicators import Indicators
from shared.clock.civil import helsinki
from shared.contracts.base import Language
from shared.finnish.municipalities import municipalities

Cell = str | int | Decimal | None
Kind = Literal["text", "number", "share", "change"]
_DASH: Final = "\u2013"
_NO_BREAK: Final = "\u00a0"
_MINUS: Final = "\u2212"
_CHANGE: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Rows under names for programs and headings for people."""

    name: str
    title: str
    names: tuple[str, ...]
    headings: tuple[str, ...]
    kinds: tuple[Kind, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]


@lru_cache(maxsize=4)
def words(language: Language) -> dict[str, str]:
    """Every word of `words.yaml` in one language."""
    text = resources.files("services.audit.outputs").joinpath("words.yaml").read_text(encoding="utf-8")
    read: dict[str, dict[str, str]] = yaml.safe_load(text)
    return {key: texts[language] for key, texts in read.items()}


def named(key: str, language: Language) -> str:
    """The name of a part for people; a key that has none stands as it is."""
    return words(language).get(f"key_{key}", key)


def place(report: GenericReport, language: Language) -> str:
    """The municipality's name."""
    known = municipalities().get(report.municipality)
    if known is None:
        return report.municipality or words(language)["nobody"]
    return known.name_sv if language == "sv" else known.name_fi


def title(report: GenericReport, language: Language) -> str:
    """The heading of the report."""
    named_by = f"{place(report, language)} ({report.organisation})" if report.organisation else place(report, language)
    return f"{words(language)['title']} {report.month}, {named_by}"


def at(instant: datetime) -> str:
    """A moment on the Finnish clock, the same in each language."""
    return helsinki(instant).strftime("%Y-%m-%d %H:%M:%S")


def tables(report: GenericReport, table: Indicators, language: Language) -> tuple[ReportTable, ...]:
    """Every table of a report, in its order."""
    return (
        _figures(report, table, language),
        _parts(report, table, language),
        _overrides(report, language),
        _trend(report, language),
        _explained(table, language),
    )


def _figures(report: GenericReport, table: Indicators, language: Language) -> ReportTable:
    found = {one.indicator: one for one in report.figures}
    rows: list[tuple[Cell, ...]] = []
    for one in table.indicators:
        figure = found.get(one.id)
        if figure is not None:
            rows.append(
                (
                    one.id,
                    one.text.in_language(language),
                    *_band(figure.value),
                    figure.share,
                    *_band(figure.before),
                    _change(figure),
                )
            )
    names = ("id", "indicator", "least", "most", "share", "before_least", "before_most", "change")
    said = words(language)
    before = said["before"]
    return ReportTable(
        "indicators",
        said["figures"],
        names,
        (
            "",
            said["indicator"],
            said["least"],
            said["most"],
            said["share"],
            f"{before}: {said['least'].lower()}",
            f"{before}: {said['most'].lower()}",
            said["change"],
        ),
        ("text", "text", "number", "number", "share", "number", "number", "change"),
        (16, 36, 12, 12, 10, 14, 14, 10),
        tuple(rows),
    )


def _parts(report: GenericReport, table: Indicators, language: Language) -> ReportTable:
    said = words(language)
    rows = tuple(
        (one.id, one.text.in_language(language), part.key, named(part.key, language), *_band(part.value))
        for one in table.indicators
        for part in report.parts
        if part.indicator == one.id
    )
    return ReportTable(
        "parts",
        said["parts"],
        ("id", "indicator", "key", "part", "least", "most"),
        ("", said["indicator"], "", said["part"], said["least"], said["most"]),
        ("text", "text", "text", "text", "number", "number"),
        (16, 26, 20, 34, 12, 12),
        rows,
    )


def _overrides(report: GenericReport, language: Language) -> ReportTable:
    said = words(language)
    return ReportTable(
        "overrides",
        said["overrides"],
        ("time", "municipality", "outcome", "event"),
        (said["time"], said["municipality"], said["outcome"], said["event"]),
        ("text", "text", "text", "text"),
        (22, 22, 16, 40),
        tuple(
            (at(one.time), place(report, language), named(one.outcome, language), str(one.event))
            for one in report.overrides
        ),
    )


def _trend(report: GenericReport, language: Language) -> ReportTable:
    said = words(language)
    months = [(str(one.month), one.volume) for one in report.trend if one.volume is not None]
    return ReportTable(
        "trend",
        said["trend"],
        ("month", "least", "most"),
        (said["month"], said["least"], said["most"]),
        ("text", "number", "number"),
        (12, 12, 12),
        tuple((month, *_band(value)) for month, value in [*months, (str(report.month), report.value("volume"))]),
    )


def _explained(table: Indicators, language: Language) -> ReportTable:
    said = words(language)
    return ReportTable(
        "explained",
        said["explained"],
        ("id", "indicator", "counted"),
        ("", said["indicator"], said["explained"]),
        ("text", "text", "text"),
        (16, 36, 90),
        tuple((one.id, one.text.in_language(language), one.counted.in_language(language)) for one in table.indicators),
    )


def _band(value: Band | None) -> tuple[int | None, int | None]:
    return (None, None) if value is None else (value.least, value.most)


def _change(figure: Figure) -> Decimal | None:
    """The change against the month before; only between exact figures, so that it tells no more than they do."""
    now = None if figure.value is None else figure.value.exact
    before = None if figure.before is None else figure.before.exact
    return None if now is None or not before else (Decimal(now - before) / before).quantize(_CHANGE)


def shown(cell: Cell, kind: Kind, language: Language) -> str:
    """A cell as people read it."""
    match cell:
        case None:
            return ""
        case Decimal():
            percent = f"{abs(cell * 100):.1f}"
            sign = _MINUS if cell < 0 else "+" if cell > 0 and kind == "change" else ""
            return sign + (f"{percent}%" if language == "en" else f"{percent.replace('.', ',')}{_NO_BREAK}%")
        case int():
            grouped = f"{cell:,}"
            return grouped if language == "en" else grouped.replace(",", _NO_BREAK)
        case _:
            return cell


def shown_band(least: Cell, most: Cell, language: Language) -> str:
    """A figure, or the band it lies in."""
    first = shown(least, "number", language)
    return first if least == most else f"{first}{_DASH}{shown(most, 'number', language)}"
