"""Each event is priced once, by the book of its own Finnish day, on whatever hour it falls."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.book_files import load_prices
from services.billing.domain.usage import day_of

BOOKS = load_prices().books
FINLAND = ZoneInfo("Europe/Helsinki")
EDGES = [
    datetime(2015, 3, 29, tzinfo=UTC),
    datetime(2015, 10, 25, tzinfo=UTC),
    datetime(2016, 3, 27, tzinfo=UTC),
    datetime(2016, 10, 30, tzinfo=UTC),
    datetime(2017, 3, 26, tzinfo=UTC),
    datetime(2017, 10, 29, tzinfo=UTC),
    datetime(2018, 3, 25, tzinfo=UTC),
    datetime(2018, 10, 28, tzinfo=UTC),
]
NEW_YEAR = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)


def books_of(day: date) -> list[str]:
    return [book.id for book in BOOKS.active if book.covers(day)]


def test_every_hour_around_new_year_has_exactly_one_book_and_it_changes_at_midnight_in_finland() -> None:
    start = datetime(2016, 12, 25, tzinfo=UTC)
    for hour in range(14 * 24):
        for shift in (timedelta(0), timedelta(microseconds=1), timedelta(minutes=59, seconds=59, microseconds=999_999)):
            time = start + timedelta(hours=hour) + shift
            assert books_of(day_of(time)) == ["KELMU-2016" if time < NEW_YEAR else "KELMU-2017"]


@pytest.mark.parametrize("edge", EDGES)
def test_every_quarter_of_an_hour_around_a_clock_change_lies_on_its_wall_clock_day(edge: datetime) -> None:
    for quarter in range(-4 * 30, 4 * 30):
        time = edge + timedelta(minutes=15 * quarter)
        assert day_of(time) == time.astimezone(FINLAND).date()
        assert len(books_of(day_of(time))) == 1


@given(st.datetimes(datetime(2015, 1, 2), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_any_instant_lies_on_its_finnish_day_and_has_one_book(time: datetime) -> None:
    assert day_of(time) == time.astimezone(FINLAND).date()
    assert len(books_of(day_of(time))) == 1
