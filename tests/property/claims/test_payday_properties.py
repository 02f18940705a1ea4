"""The fourteen days against an oracle that walks the calendar day by day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.claims.data_files import policy
from services.claims.domain.payday import NOTICE, Notice, Timing, timing
from shared.clock.civil import Month
from shared.finnish.benefits import benefits
from shared.finnish.paydays import has_fixed_payday, payday

CLAIMABLE = sorted({benefit for benefit, _ in policy().pairs(date(2017, 1, 1))})
FIXED = [benefit for benefit in CLAIMABLE if has_fixed_payday(benefit, Month(2017, 1))]
DAYS = st.dates(date(2016, 1, 1), date(2019, 12, 31))
LENGTHS = st.none() | st.integers(0, 400)


def period(first: date, length: int | None) -> tuple[date, date | None]:
    return first, None if length is None else first + timedelta(days=length)


def paid_by(benefit: str, day: date) -> list[Month]:
    """The months that the day pays, found by asking each month near it."""
    near = [Month.of(day).plus(step) for step in (-1, 0, 1)]
    return [month for month in near if payday(benefit, month) == day]


def bites(benefit: str, day: date, first: date, last: date | None) -> bool:
    return any(
        any(first <= paid and (last is None or paid <= last) for paid in month.days())
        for month in paid_by(benefit, day)
    )


def oracle(benefit: str, arrived: date, first: date, last: date | None) -> Timing:
    """Slow and plain: look at one day after the other."""
    limit = arrived + timedelta(days=14)
    end = max(limit, first) + timedelta(days=93)
    days = [arrived + timedelta(days=step) for step in range((end - arrived).days)]
    biting = [day for day in days if bites(benefit, day, first, last)]
    effective = next((day for day in biting if day >= limit), None)
    missed = tuple(day for day in biting if day < limit)
    notices = ([Notice.TOO_LATE] if effective is None else []) + ([Notice.MISSES_PAYDAYS] if missed else [])
    return Timing(effective, None, missed, tuple(notices))


@given(st.sampled_from(FIXED), DAYS, st.integers(-200, 200), LENGTHS)
def test_the_effective_payday_is_what_walking_the_calendar_finds(
    benefit: str, arrived: date, shift: int, length: int | None
) -> None:
    first, last = period(arrived + timedelta(days=shift), length)
    assert timing(benefit, arrived, first, last) == oracle(benefit, arrived, first, last)


@given(st.sampled_from(FIXED), DAYS, st.integers(-200, 200), LENGTHS)
def test_the_effective_payday_is_a_payday_at_least_fourteen_days_ahead(
    benefit: str, arrived: date, shift: int, length: int | None
) -> None:
    first, last = period(arrived + timedelta(days=shift), length)
    effective = timing(benefit, arrived, first, last).effective
    if effective is None:
        assert last is not None
        return
    assert effective - arrived >= timedelta(days=14)
    assert paid_by(benefit, effective)


@given(st.sampled_from(sorted(set(CLAIMABLE) - set(FIXED))), DAYS, DAYS, LENGTHS)
def test_a_benefit_without_a_fixed_day_never_gets_a_payment_date(
    benefit: str, arrived: date, first: date, length: int | None
) -> None:
    result = timing(benefit, arrived, *period(first, length))
    assert result == Timing(effective=None, earliest=arrived + NOTICE)


@given(st.sampled_from(FIXED), DAYS, st.integers(-60, 60), LENGTHS, st.integers(1, 40))
def test_arriving_later_never_makes_a_claim_bite_earlier(
    benefit: str, arrived: date, shift: int, length: int | None, later: int
) -> None:
    first, last = period(arrived + timedelta(days=shift), length)
    soon = timing(benefit, arrived, first, last).effective
    late = timing(benefit, arrived + timedelta(days=later), first, last).effective
    assert late is None or (soon is not None and soon <= late)


def test_the_fixed_and_the_event_driven_benefits_are_both_there() -> None:
    assert set(FIXED) < set(CLAIMABLE) < set(benefits())
