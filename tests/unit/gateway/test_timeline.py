"""The time line of payments: where each mark stands, and that it loses nothing."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.domain.timeline import MOST_MONTHS, WIDTH, months_shown, timeline
from shared.clock.civil import Month
from shared.contracts.answers import PaymentRow

YEAR = months_shown(date(2016, 12, 31), None, None)


def paid(payday: date, net: str, benefit: str = "kansanelake") -> PaymentRow:
    return PaymentRow(
        benefit=benefit,
        payday=payday,
        first=payday,
        last=payday,
        gross=net,
        withheld="0.00",
        net=net,
        paid_to="client",
    )


def test_without_a_choice_the_picture_shows_twelve_months_up_to_this_one() -> None:
    assert (YEAR[0], YEAR[-1], len(YEAR)) == (Month(2016, 1), Month(2016, 12), 12)


def test_chosen_days_choose_the_months_but_no_more_than_can_be_read() -> None:
    today = date(2016, 12, 31)
    assert months_shown(today, date(2016, 10, 20), None) == (Month(2016, 10), Month(2016, 11), Month(2016, 12))
    assert months_shown(today, date(2016, 2, 1), date(2016, 3, 1)) == (Month(2016, 2), Month(2016, 3))
    assert len(months_shown(today, date(1900, 1, 1), None)) == MOST_MONTHS
    assert months_shown(today, date(2017, 5, 1), date(2016, 3, 1)) == (Month(2016, 3),)


def test_each_benefit_has_a_line_and_the_highest_mark_is_the_largest_net() -> None:
    picture = timeline(
        [
            paid(date(2016, 12, 7), "600.00"),
            paid(date(2016, 11, 7), "300.00"),
            paid(date(2016, 11, 25), "100", "lapsilisa"),
        ],
        YEAR,
    )
    assert picture is not None
    pension, child = picture.lines
    assert (pension.benefit, child.benefit, pension.net) == ("kansanelake", "lapsilisa", "900.00")
    assert [mark.payday for mark in pension.marks] == [date(2016, 11, 7), date(2016, 12, 7)]
    assert [mark.height for mark in pension.marks] == [15.0, 30.0]
    assert all(mark.y + mark.height == line.base for line in picture.lines for mark in line.marks)
    assert pension.base < child.label
    assert (picture.first, picture.last) == (date(2016, 1, 1), date(2016, 12, 31))


def test_payments_of_one_day_are_one_mark_and_nothing_paid_is_seen_all_the_same() -> None:
    day = date(2016, 6, 7)
    picture = timeline([paid(day, "100.05"), paid(day, "0.10"), paid(date(2016, 7, 7), "0.00")], YEAR)
    assert picture is not None
    assert [mark.net for mark in picture.lines[0].marks] == ["100.15", "0.00"]
    assert picture.lines[0].marks[1].height > 0


def test_what_lies_outside_is_counted_and_nothing_at_all_is_no_picture() -> None:
    old, new = paid(date(2015, 12, 31), "1.00"), paid(date(2016, 1, 1), "1.00")
    picture = timeline([old, new], YEAR)
    assert picture is not None
    assert (picture.outside, picture.lines[0].marks[0].x) == (1, 0)
    assert timeline([old], YEAR) is None
    assert timeline([], YEAR) is None


@settings(max_examples=25)
@given(st.lists(st.tuples(st.dates(date(2016, 1, 1), date(2016, 12, 31)), st.integers(0, 10**7)), min_size=1))
def test_every_mark_lies_in_the_picture_and_no_cent_is_lost(payments: list[tuple[date, int]]) -> None:
    picture = timeline([paid(day, f"{Decimal(cents) / 100:.2f}") for day, cents in payments], YEAR)
    assert picture is not None
    (line,) = picture.lines
    assert line.net == f"{Decimal(sum(cents for _, cents in payments)) / 100:.2f}"
    assert all(0 <= mark.x <= WIDTH - picture.mark and 0 < mark.y < picture.height for mark in line.marks)
    assert len(line.marks) == len({day for day, _ in payments})
