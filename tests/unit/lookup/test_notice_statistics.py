"""Statistics of notices, by type and delay."""

from datetime import UTC, date, datetime

from services.lookup.domain.notice_statistics import Counted, statistics

MONDAY = datetime(2017, 3, 6, 8, tzinfo=UTC)
DUE = date(2017, 3, 15)


def done(day: int, *, due: date | None = DUE) -> Counted:
    return Counted("supplementary_assistance", MONDAY, due, datetime(2017, 3, day, 9, tzinfo=UTC))


def test_each_type_has_its_counts_its_delays_and_the_median_of_weekdays() -> None:
    waiting = Counted("supplementary_assistance", MONDAY, DUE, None)
    contact = Counted("contact", MONDAY, None, None)

    first, second = statistics([done(7), done(16), done(8), done(15), waiting, contact], date(2017, 3, 16))

    assert (first.type, first.arrived, first.open, first.done, first.overdue, first.median_days) == (
        *("contact", 1, 1, 0, 0),
        None,
    )
    assert (second.arrived, second.open, second.done, second.done_late, second.overdue) == (5, 1, 4, 1, 1)
    assert second.median_days == "4.5"


def test_what_is_done_on_its_first_day_took_no_weekday_and_the_finnish_day_counts() -> None:
    late = Counted("contact", MONDAY, date(2017, 3, 6), datetime(2017, 3, 6, 22, 30, tzinfo=UTC))

    assert statistics([done(6)], DUE)[0].median_days == "0"
    assert statistics([late], DUE)[0].done_late == 1


def test_nothing_counted_gives_no_rows() -> None:
    assert statistics([], DUE) == ()
