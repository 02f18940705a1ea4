"""Paydays (maksupäivät) of the benefits that have one, and the month each payday pays, from paydays.yaml."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from shared.clock.civil import Month
from shared.finnish.banking_days import (
    first_banking_day,
    is_banking_day,
    last_banking_day,
    on_or_after,
    on_or_before,
    previous_banking_day,
)
from shared.finnish.benefits import benefit as known_benefit
from shared.finnish.errors import FormatError
from shared.finnish.tables import load_rows

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ"
_DAY, _MONDAY = timedelta(days=1), 0
_FOREIGN = {"Æ": "Ä", "Ø": "Ö", "Đ": "D", "Ð": "D", "Ł": "L", "Þ": "T", "Ŋ": "N"}


def _not_after_rest(day: date) -> date:
    if not (is_banking_day(day) and is_banking_day(day - _DAY)):
        day = previous_banking_day(day)
    # The step back can itself end on a Monday (23.12.2002), which the rule rules out.
    return previous_banking_day(day) if day.weekday() == _MONDAY else day


_SHIFTS: Mapping[str, Callable[[date], date]] = MappingProxyType(
    {"previous": on_or_before, "next": on_or_after, "previous_not_after_rest": _not_after_rest}
)
Shift = Literal["previous", "next", "previous_not_after_rest"]
DayOfMonth = Annotated[int, Field(ge=1, le=28)]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    benefits: tuple[str, ...] = Field(min_length=1)
    first: Month | None = None
    last: Month | None = None
    source: str
    mark: Literal["C", "I", "A"]

    def holds_in(self, month: Month) -> bool:
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)


class _DayRow(_Row):
    kind: Literal["day"]
    day: DayOfMonth
    shift: Shift

    def payday(self, month: Month, _surname: str | None) -> date | None:
        return _SHIFTS[self.shift](date(month.year, month.month, self.day))


class _SurnameRow(_Row):
    kind: Literal["surname"]
    groups: dict[str, DayOfMonth]
    """Last initial of each group to its day, in alphabetical order."""
    shift: Shift

    def payday(self, month: Month, surname: str | None) -> date | None:
        if surname is None:
            raise FormatError("payday.surname", "The payday depends on the surname.", "Give the payee's surname.")
        initial = _ALPHABET.index(_initial(surname))
        day = next(day for last, day in self.groups.items() if initial <= _ALPHABET.index(last))
        return _SHIFTS[self.shift](date(month.year, month.month, day))


class _EdgeRow(_Row):
    kind: Literal["first_banking_day", "last_banking_day"]

    def payday(self, month: Month, _surname: str | None) -> date | None:
        return first_banking_day(month) if self.kind == "first_banking_day" else last_banking_day(month)


class _EventRow(_Row):
    kind: Literal["event"]

    def payday(self, _month: Month, _surname: str | None) -> date | None:
        return None


_AnyRow = Annotated[_DayRow | _SurnameRow | _EdgeRow | _EventRow, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True, order=True)
class Payday:
    """A day on which a benefit is paid, and the period that it pays (both ends included)."""

    day: date
    first: date
    last: date

    def overlaps(self, first: date, last: date | None) -> bool:
        """Tell whether the paid period and the given one share a day; ``last`` None means open."""
        return first <= self.last and (last is None or self.first <= last)


def payday(benefit: str, month: Month, surname: str | None = None) -> date | None:
    """Return the day on which Kela pays the month's benefit, after the banking-day shift.

    Args:
        benefit: A code of benefits.yaml.
        month: The month that is paid.
        surname: The payee's surname; needed for family pensions, which are paid in three groups.

    Returns:
        The payday, or None when the benefit has no fixed day or no rule holds in that month.

    Raises:
        FormatError: ``benefit.unknown``, or ``payday.surname`` when the surname is needed and missing.
    """
    row = _row(benefit, month)
    return None if row is None else row.payday(month, surname)


def has_fixed_payday(benefit: str, month: Month) -> bool:
    """Tell whether the benefit has a fixed payday in that month.

    Raises:
        FormatError: ``benefit.unknown``.
    """
    row = _row(benefit, month)
    return row is not None and row.kind != "event"


def paydays_between(benefit: str, first: date, last: date, surname: str | None = None) -> Iterator[Payday]:
    """Yield, in order, the paydays from ``first`` to ``last`` (both included) with the month each pays.

    Raises:
        FormatError: As `payday`.
    """
    # A shift can carry a payday over the end of its month, so the months beside are looked at too.
    for month in Month.of(first).plus(-1).until(Month.of(last).plus(1)):
        day = payday(benefit, month, surname)
        if day is not None and first <= day <= last:
            yield Payday(day, month.first, month.last)


def _row(benefit: str, month: Month) -> _AnyRow | None:
    rows = _table().get(known_benefit(benefit).code, ())
    return next((row for row in rows if row.holds_in(month)), None)


@lru_cache(maxsize=1)
def _table() -> Mapping[str, tuple[_AnyRow, ...]]:
    table: dict[str, tuple[_AnyRow, ...]] = {}
    for row in TypeAdapter(list[_AnyRow]).validate_python(load_rows("paydays.yaml")):
        for code in row.benefits:
            earlier = table.get(code, ())
            if any(_overlap(row, other) for other in earlier):
                raise ValueError(f"paydays.yaml gives {known_benefit(code).code} two rules for one month")
            table[code] = (*earlier, row)
    return MappingProxyType(table)


def _overlap(one: _Row, other: _Row) -> bool:
    begins = max(row.first or Month(1, 1) for row in (one, other))
    ends = min(row.last or Month(9999, 12) for row in (one, other))
    return begins <= ends


def _initial(surname: str) -> str:
    """The first letter in the Finnish alphabet: accents fall away, Å Ä Ö stay, anything else stands last."""
    letter = surname.strip()[:1].upper()[:1]
    if not letter:
        raise FormatError("payday.surname", "The payday depends on the surname.", "Give the payee's surname.")
    for candidate in (letter, _FOREIGN.get(letter, ""), unicodedata.normalize("NFD", letter)[:1]):
        if candidate and candidate in _ALPHABET:
            return candidate
    return _ALPHABET[-1]
