from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.clock.civil import Month, helsinki
from shared.finnish.banking_days import is_banking_day
from shared.finnish.benefits import benefits
from shared.finnish.paydays import has_fixed_payday, payday, paydays_between
from shared.finnish.support_hours import is_open, next_opening

months = st.builds(Month, st.integers(1995, 2040), st.integers(1, 12))
codes = st.sampled_from(sorted(benefits()))
days = st.dates(date(1995, 1, 1), date(2040, 12, 31))
surnames = st.text(min_size=1, max_size=12).filter(lambda name: name.strip() != "")


@given(codes, months, surnames)
def test_a_payday_is_a_banking_day_within_a_few_days_of_its_month(code: str, month: Month, surname: str) -> None:
    day = payday(code, month, surname)
    assert (day is not None) == has_fixed_payday(code, month)
    if day is not None:
        assert is_banking_day(day)
        assert month.first - timedelta(days=3) <= day <= month.last


@given(months)
def test_child_benefit_is_never_paid_on_a_monday(month: Month) -> None:
    day = payday("lapsilisa", month)
    assert day is not None
    assert day.weekday() != 0


@given(codes, days, st.integers(0, 400), surnames)
def test_paydays_between_are_ordered_inside_and_complete(code: str, first: date, length: int, surname: str) -> None:
    last = first + timedelta(days=length)
    found = list(paydays_between(code, first, last, surname))
    assert found == sorted(found)
    assert all(first <= one.day <= last for one in found)
    by_month = {one.first: one.day for one in found}
    for month in Month.of(first).until(Month.of(last)):
        day = payday(code, month, surname)
        assert (day is not None and first <= day <= last) == (by_month.get(month.first) is not None)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  # naive by contract
def test_support_opens_at_eight_and_not_before(instant: datetime) -> None:
    opening = next_opening(instant)
    assert opening > instant
    assert is_open(opening)
    assert not is_open(opening - timedelta(microseconds=1))
    assert helsinki(opening).hour == 8
