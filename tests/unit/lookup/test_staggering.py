"""A large backlog at the first run is seen a part a week."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.lookup.data import notice_table
from services.lookup.domain.staggering import Staggering, visible_days

RULE = notice_table().staggering
FIRST = date(2017, 10, 21)


def test_up_to_400_are_seen_at_once() -> None:
    assert set(visible_days(400, FIRST, RULE)) == {FIRST}
    assert visible_days(0, FIRST, RULE) == ()


def test_one_more_and_they_come_300_a_week() -> None:
    assert Counter(visible_days(401, FIRST, RULE)) == {FIRST: 300, FIRST + timedelta(weeks=1): 101}


@given(backlog=st.integers(0, 3000), over=st.integers(0, 500), per_week=st.integers(1, 500))
def test_every_notice_has_a_day_in_order_and_no_week_has_more_than_the_rule(
    backlog: int, over: int, per_week: int
) -> None:
    days = visible_days(backlog, FIRST, Staggering(over=over, per_week=per_week, assumed=True))

    assert len(days) == backlog
    assert list(days) == sorted(days)
    if backlog > over:
        weeks = Counter(days)
        assert max(weeks.values()) <= per_week
        assert set(weeks) == {FIRST + timedelta(weeks=n) for n in range(len(weeks))}
