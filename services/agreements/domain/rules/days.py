"""Which days a record may name, whatever its kind: far ones are slips, and arithmetic ends with the calendar."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from services.agreements.domain.records import Record
from services.agreements.domain.refusals import ChangeRefused, refuse

FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2200, 12, 31)
"""No agreement is older, none is planned further ahead (assumed)."""


def in_range(day: date) -> bool:
    """Whether the day is one that a record or a question may name."""
    return FIRST_DAY <= day <= LAST_DAY


def days_in_range(record: Record) -> ChangeRefused | None:
    """No day of a record lies outside the range; one without an end says so by having no last day."""
    outside = next((day for day in _days(record.model_dump()) if not in_range(day)), None)
    if outside is None:
        return None
    return refuse(record, "record.day_range", day=outside)


def _days(value: object) -> Iterator[date]:
    """Every civil date anywhere within."""
    if isinstance(value, date) and not isinstance(value, datetime):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _days(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _days(part)
