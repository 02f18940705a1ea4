"""Deadlines of applications that Kela passes on (ToTuL 14 a §), and weekdays between two days. Pure."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict, Field

from shared.finnish.banking_days import is_banking_day, next_banking_day


class Deadline(BaseModel):
    """How many weekdays (arkipäivä) an application may take."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    law: str
    weekdays: int = Field(ge=1)
    urgent_weekdays: int = Field(ge=1)
    counting_assumed: bool


def due_date(arrived: date, deadline: Deadline, *, urgent: bool) -> date:
    """The last day on which the application is decided in time: the seventh weekday, the next one when urgent.

    Args:
        arrived: Day on which the municipality has it; the count begins with the day after.
        deadline: How many weekdays it may take.
        urgent: Kiireellinen.
    """
    day = arrived
    for _ in range(deadline.urgent_weekdays if urgent else deadline.weekdays):
        day = next_banking_day(day)
    return day


def weekdays_after(first: date, last: date) -> int:
    """How many weekdays lie after `first` up to and including `last`: 0 on the same day, and never below."""
    days = (first + timedelta(days=step) for step in range(1, (last - first).days + 1))
    return sum(map(is_banking_day, days))


def is_overdue(due: date | None, day: date, *, done: bool) -> bool:
    """Whether its time is over on the day and it is not done."""
    return due is not None and not done and day > due
