"""Arithmetic of days with both ends included."""

from datetime import date

from services.agreements.domain.spans import describe, missing, overlap
from shared.contracts.base import Validity


def days(first: int, last: int | None = None) -> Validity:
    return Validity(first=date(2017, 1, first), last=None if last is None else date(2017, 1, last))


def test_spans_that_touch_share_no_day() -> None:
    assert overlap(days(1, 5), days(6, 9)) is None
    assert overlap(days(1, 5), days(5)) == days(5, 5)


def test_adjacent_spans_leave_nothing_missing() -> None:
    assert missing(days(1, 9), (days(6, 9), days(1, 5))) is None
    assert missing(days(3), (days(1, 5), days(6))) is None


def test_the_first_uncovered_run_is_named() -> None:
    assert missing(days(1, 9), (days(1, 3), days(6, 9))) == days(4, 5)
    assert missing(days(1), (days(1, 5),)) == days(6)
    assert missing(days(1, 9), ()) == days(1, 9)
    assert missing(days(1, 4), (days(6),)) == days(1, 4)


def test_the_last_day_of_the_calendar_is_no_last_day() -> None:
    for_ever = Validity(first=date(2017, 1, 1), last=date.max)
    assert missing(days(3), (for_ever,)) is None
    assert missing(days(3, 9), (days(1, 4), for_ever)) is None
    assert missing(for_ever, (days(1),)) is None
    assert missing(for_ever, (days(2),)) == days(1, 1)
    assert missing(for_ever, (days(1, 5),)) == days(6)


def test_days_print_as_people_write_them() -> None:
    assert describe(days(1)) == "from 1.1.2017"
    assert describe(days(1, 31)) == "1.1.2017-31.1.2017"
