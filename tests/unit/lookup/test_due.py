"""Deadlines of applications by the Finnish calendar (ToTuL 14 a §)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.lookup.data import notice_table
from services.lookup.domain.due import due_date, is_overdue, weekdays_after
from shared.finnish.banking_days import is_banking_day

RULE = notice_table().deadline
DAYS = st.dates(date(2017, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        (date(2017, 1, 9), date(2017, 1, 18)),  # 10.-13. and 16.-18.
        (date(2017, 12, 20), date(2018, 1, 3)),  # Christmas Eve to St Stephen's Day and New Year's Day
        (date(2017, 4, 12), date(2017, 4, 25)),  # Good Friday and Easter Monday
        (date(2017, 6, 22), date(2017, 7, 4)),  # Midsummer Eve is a Friday
        (date(2017, 12, 31), date(2018, 1, 10)),  # arrived on a Sunday
    ],
)
def test_an_application_is_due_on_the_seventh_weekday(arrived: date, due: date) -> None:
    assert due_date(arrived, RULE, urgent=False) == due


@pytest.mark.parametrize(
    ("arrived", "due"),
    [
        (date(2017, 1, 9), date(2017, 1, 10)),
        (date(2017, 1, 5), date(2017, 1, 9)),  # Epiphany on a Friday
        (date(2017, 12, 22), date(2017, 12, 27)),
    ],
)
def test_an_urgent_application_is_due_on_the_next_weekday(arrived: date, due: date) -> None:
    assert due_date(arrived, RULE, urgent=True) == due


@given(arrived=DAYS)
def test_the_due_date_is_a_weekday_and_as_many_weekdays_away_as_the_rule_says(arrived: date) -> None:
    due, urgent = due_date(arrived, RULE, urgent=False), due_date(arrived, RULE, urgent=True)

    assert is_banking_day(due)
    assert weekdays_after(arrived, due) == 7
    assert weekdays_after(arrived, urgent) == 1
    assert arrived < urgent < due


@given(first=DAYS, length=st.integers(0, 60), more=st.integers(0, 60))
def test_weekdays_between_days_add_up(first: date, length: int, more: int) -> None:
    middle = first + timedelta(days=length)
    last = middle + timedelta(days=more)

    assert weekdays_after(first, last) == weekdays_after(first, middle) + weekdays_after(middle, last)
    assert weekdays_after(first, first) == 0


def test_only_what_has_a_deadline_and_is_not_done_becomes_overdue_after_its_last_day() -> None:
    due = date(2017, 1, 18)

    assert not is_overdue(due, due, done=False)
    assert is_overdue(due, due + timedelta(days=1), done=False)
    assert not is_overdue(due, due + timedelta(days=1), done=True)
    assert not is_overdue(None, due, done=False)
