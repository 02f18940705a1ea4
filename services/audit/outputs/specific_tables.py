"""A specific report as tables, in one language: the same rows for CSV, XLSX and PDF. They hold persons."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from services.audit.outputs.tables import Cell, ReportTable, at, named, words
from shared.contracts.answers import SpecificReportRow, SpecificReportView
from shared.contracts.base import Language

COUNTED: Final = ("outcomes", "actions", "rules", "purposes", "groups")
"""What is counted by its own names; hours stand in a table of their own."""


def specific_title(row: SpecificReportRow, language: Language) -> str:
    """The heading; of the one whom it is about it tells no more than the pseudonym."""
    return f"{words(language)['specific_title']} {row.organisation}, {_days(row.first, row.last)}"


def specific_tables(view: SpecificReportView, language: Language) -> tuple[ReportTable, ...]:
    """Every table of a report, in its order."""
    return (
        _order(view, language),
        _counts(view, language),
        _hours(view, language),
        _consulted(view, language),
        _overrides(view, language),
    )


def one_table(view: SpecificReportView, language: Language) -> ReportTable:
    """All tables one below the other, for the one file that a CSV is."""
    rows = [(table.name, *_filled(row)) for table in specific_tables(view, language) for row in table.rows]
    said = words(language)
    return ReportTable(
        "everything",
        said["everything"],
        ("table", "first", "second", "third"),
        ("", said["kind"], "", said["count"]),
        ("text", "text", "text", "text"),
        (16, 30, 40, 12),
        tuple(rows),
    )


def _filled(row: tuple[Cell, ...]) -> tuple[Cell, Cell, Cell]:
    first, second, third, *_ = (*row, None, None)
    return first, second, third


def _order(view: SpecificReportView, language: Language) -> ReportTable:
    said = words(language)
    return ReportTable(
        "order",
        said["order"],
        ("what", "value"),
        (said["kind"], said["value"]),
        ("text", "text"),
        (28, 90),
        tuple((said[key], value) for key, value in _stated(view, said) if value),
    )


def _stated(view: SpecificReportView, said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    row = view.row
    yield "organisation", row.organisation
    yield "about", f"{said[f'about_{row.about}']} {row.subject}"
    yield "period", _days(row.first, row.last)
    yield "reason", row.reason
    yield "asked_by", f"{row.asked_by}, {at(row.asked_at)}"
    yield "decided_by", "" if row.decided_at is None else f"{row.decided_by}, {at(row.decided_at)}"
    yield "attempts", str(view.attempts)
    yield "event", str(view.event)


def _counts(view: SpecificReportView, language: Language) -> ReportTable:
    said = words(language)
    counted: dict[str, Mapping[str, int]] = {
        "outcomes": view.outcomes,
        "actions": view.actions,
        "rules": view.rules,
        "purposes": view.purposes,
        "groups": {str(group): count for group, count in view.groups.items()},
    }
    return ReportTable(
        "counts",
        said["counts"],
        ("what", "key", "count"),
        (said["kind"], said["part"], said["count"]),
        ("text", "text", "number"),
        (24, 44, 12),
        tuple((said[what], named(key, language), count) for what in COUNTED for key, count in counted[what].items()),
    )


def _hours(view: SpecificReportView, language: Language) -> ReportTable:
    said = words(language)
    return ReportTable(
        "hours",
        said["hours"],
        ("hour", "count"),
        (said["hour"], said["count"]),
        ("text", "number"),
        (12, 12),
        tuple((f"{hour:02}", count) for hour, count in sorted(view.hours.items())),
    )


def _consulted(view: SpecificReportView, language: Language) -> ReportTable:
    said = words(language)
    return ReportTable(
        "consulted",
        said["consulted"],
        ("identity_code", "name", "count"),
        (said["identity_code"], said["name"], said["count"]),
        ("text", "text", "number"),
        (20, 40, 12),
        tuple((one.identity_code or said["unknown"], one.name or "", one.times) for one in view.consulted),
    )


def _overrides(view: SpecificReportView, language: Language) -> ReportTable:
    said = words(language)
    rows = tuple((at(one),) for one in view.overrides)
    return ReportTable("overrides", said["overrides"], ("time",), (said["time"],), ("text",), (24,), rows)


def _days(first: date, last: date) -> str:
    return f"{first:%Y-%m-%d} \u2013 {last:%Y-%m-%d}"
