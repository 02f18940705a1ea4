"""Banking days in Finland: Monday to Friday, except public holidays, Midsummer Eve and Christmas Eve.

The holidays come from the `holidays` package, whose Finnish list holds both eves; with it Kela's published
exceptional paydays of 2017 come out exactly (tests/unit/shared/finnish/test_paydays.py).
"""

from datetime import date, timedelta
from functools import lru_cache

import holidays

from shared.clock.civil import Month

_SATURDAY = 5
_DAY = timedelta(days=1)


@lru_cache(maxsize=256)
def holidays_of(year: int) -> frozenset[date]:
    """Return the days of the year that are holidays, on whatever weekday they fall."""
    return frozenset(holidays.country_holidays("FI", years=year))


def is_holiday(day: date) -> bool:
    """Tell whether the day is a public holiday, Midsummer Eve or Christmas Eve."""
    return day in holidays_of(day.year)


def is_banking_day(day: date) -> bool:
    """Tell whether banks settle payments on the day."""
    return day.weekday() < _SATURDAY and not is_holiday(day)


def on_or_before(day: date) -> date:
    """Return the day itself if it is a banking day, else the latest one before it."""
    while not is_banking_day(day):
        day -= _DAY
    return day


def on_or_after(day: date) -> date:
    """Return the day itself if it is a banking day, else the first one after it."""
    while not is_banking_day(day):
        day += _DAY
    return day


def previous_banking_day(day: date) -> date:
    """Return the latest banking day strictly before the day."""
    return on_or_before(day - _DAY)


def next_banking_day(day: date) -> date:
    """Return the first banking day strictly after the day."""
    return on_or_after(day + _DAY)


def first_banking_day(month: Month) -> date:
    """Return the first banking day of the month."""
    return on_or_after(month.first)


def last_banking_day(month: Month) -> date:
    """Return the last banking day of the month."""
    return on_or_before(month.last)
