"""Civil time in Finland: the one place where an instant becomes a Europe/Helsinki date, and back.

Prices, periods, paydays and the 14-day rule follow the Finnish calendar day, while every stored and sent
time is an aware UTC instant. Midnight in Helsinki is 22:00Z in winter and 21:00Z in summer, so no date may be
taken from a UTC instant directly. Everything here is pure.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

HELSINKI = ZoneInfo("Europe/Helsinki")
_MONTH_TEXT = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_MONTHS = 12
_HOUR = 3600
_WHOLE_HOURS_FROM = 1930
"""Until 1921 Finland kept local mean time, 1 h 39 min 49 s ahead of UTC."""


class CivilTimeError(ValueError):
    """A time or month that has no single meaning here: naive, impossible or malformed."""


def require_utc(instant: datetime) -> datetime:
    """Return the same instant in UTC.

    Raises:
        CivilTimeError: The datetime is naive, so it names no instant.
    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise CivilTimeError("A time without its offset names no instant; give an aware datetime.")
    return instant.astimezone(UTC)


def helsinki(instant: datetime) -> datetime:
    """Return the instant on the Finnish wall clock (aware, Europe/Helsinki).

    Raises:
        CivilTimeError: The datetime is naive.
    """
    return require_utc(instant).astimezone(HELSINKI)


def helsinki_date(instant: datetime) -> date:
    """Return the Finnish calendar day on which the instant falls: 2016-12-22T22:30Z is 23 December.

    Raises:
        CivilTimeError: The datetime is naive.
    """
    if instant.tzinfo is None or instant.year < _WHOLE_HOURS_FROM:
        return helsinki(instant).date()
    return _day_of_hour(int(instant.timestamp()) // _HOUR)


@lru_cache(maxsize=100_000)
def _day_of_hour(hour: int) -> date:
    """Finnish days begin on whole UTC hours, so an hour lies in one day: every event asks for its day."""
    return datetime.fromtimestamp(hour * _HOUR, HELSINKI).date()


def at_helsinki(day: date, clock: time = time.min, *, fold: Literal[0, 1] = 0) -> datetime:
    """Return the UTC instant at which Finnish clocks show this day and time.

    When clocks go forward, a time in the skipped hour means as many minutes after the jump (03:30 → 04:30).
    When they go back, the repeated hour means its first passing, or its second with ``fold=1``.

    Raises:
        CivilTimeError: ``clock`` carries an offset of its own.
    """
    if clock.tzinfo is not None:
        raise CivilTimeError("A Finnish wall-clock time carries no offset of its own.")
    return datetime.combine(day, clock.replace(fold=fold), HELSINKI).astimezone(UTC)


def month_of(instant: datetime) -> "Month":
    """Return the Finnish calendar month of the instant: 2016-10-31T22:30Z is November.

    Raises:
        CivilTimeError: The datetime is naive.
    """
    return Month.of(helsinki_date(instant))


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, ordered in time and written ``2016-12``. Usable as a pydantic field.

    Raises:
        CivilTimeError: The month is not 1-12 or the year not 1-9999.
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= _MONTHS and date.min.year <= self.year <= date.max.year):
            raise CivilTimeError(f"There is no month {self.month} of year {self.year}.")

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the month that holds the day."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2016-12``.

        Raises:
            CivilTimeError: The text is anything else.
        """
        match = _MONTH_TEXT.fullmatch(text)
        if match is None:
            raise CivilTimeError("A month is written as 2016-12.")
        return cls(int(match[1]), int(match[2]))

    @property
    def length(self) -> int:
        """Number of days."""
        return calendar.monthrange(self.year, self.month)[1]

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, self.length)

    @property
    def starts_at(self) -> datetime:
        """The instant at which the month begins in Finland (UTC)."""
        return at_helsinki(self.first)

    @property
    def ends_before(self) -> datetime:
        """The instant at which the next month begins in Finland (UTC); the month is half-open."""
        return at_helsinki(self.last + timedelta(days=1))

    def plus(self, months: int) -> "Month":
        """Return the month so many months later (earlier if negative)."""
        years, index = divmod(self.year * _MONTHS + self.month - 1 + months, _MONTHS)
        return Month(years, index + 1)

    def until(self, last: "Month") -> Iterator["Month"]:
        """Yield this month and each later one up to and including ``last``; nothing if that is earlier."""
        month = self
        while month <= last:
            yield month
            month = month.plus(1)

    def days(self) -> Iterator[date]:
        """Yield every day in order."""
        return (date(self.year, self.month, day) for day in range(1, self.length + 1))

    def __contains__(self, day: date) -> bool:
        return (day.year, day.month) == (self.year, self.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[object], handler: GetCoreSchemaHandler) -> CoreSchema:
        text = core_schema.chain_schema(
            [
                core_schema.str_schema(pattern="^[0-9]{4}-[0-9]{2}$"),
                core_schema.no_info_plain_validator_function(cls.parse),
            ]
        )
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), text]),
            serialization=core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema()),
        )
