"""Different ones within some days."""

from collections.abc import Iterable
from datetime import date, timedelta

from services.audit.domain.anomalies.seen import Mark


def within(marks: Iterable[Mark], day: date, days: int) -> tuple[Mark, ...]:
    """Those of the last `days` days up to and with `day`, oldest entry first."""
    first = day - timedelta(days=days - 1)
    return tuple(sorted((mark for mark in marks if first <= mark.day <= day), key=lambda mark: mark.seq))


def entries_of(marks: Iterable[Mark]) -> tuple[int, ...]:
    """The entries that show them."""
    return tuple(mark.seq for mark in marks)
