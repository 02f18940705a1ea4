"""Each event is priced once, by the book of its own Finnish day, on whatever hour it falls.

The table of what is right stands here in UTC, worked out by hand; nothing in it comes from the service.
"""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.book_files import load_prices
from services.billing.domain.books import PriceBooks
from services.billing.domain.moments import Moment
from services.billing.domain.pricing import explain
from services.billing.domain.recompute import MonthFromZero
from shared.clock.civil import Month, helsinki_date
from tests.property.billing.histories import Event
from tests.property.billing.published import usage_of

PRICES = load_prices()
BOOKS = PRICES.books
FINLAND = ZoneInfo("Europe/Helsinki")
NOW = datetime(2019, 1, 1, tzinfo=UTC)
NEW_YEAR = datetime(2016, 12, 31, 22, 0, tzinfo=UTC)
EDGES = [
    # Clocks change at 01:00 UTC: to +3 in March, to +2 in October.
    datetime(2015, 3, 29, 1, tzinfo=UTC),
    datetime(2015, 10, 25, 1, tzinfo=UTC),
    datetime(2016, 3, 27, 1, tzinfo=UTC),
    datetime(2016, 10, 30, 1, tzinfo=UTC),
    datetime(2017, 3, 26, 1, tzinfo=UTC),
    datetime(2017, 10, 29, 1, tzinfo=UTC),
    datetime(2018, 3, 25, 1, tzinfo=UTC),
    datetime(2018, 10, 28, 1, tzinfo=UTC),
]
OF_2017 = {
    # A look-up by a person, and one by a municipality's own system, which 2016 priced apart.
    "KELMU-2017": ("0.0000", "0.0000"),
    "KELMU-2017-USAGE": ("0.0740", "0.0740"),
    "KELMU-2017-FREE": ("0.0000", "0.0000"),
}
SHIFTS = (timedelta(0), timedelta(microseconds=1), timedelta(minutes=59, seconds=59, microseconds=999_999))


def looked_up(time: datetime, channel: str) -> Event:
    return Event(0, time, time, "A-091", "091", "v1.1", "look_up", "granted", channel, "lookup")


def right_price(time: datetime, book_of_2017: str, channel: str) -> tuple[str, Decimal]:
    if time < NEW_YEAR:
        return "KELMU-2016", Decimal("0.0800" if channel == "ui" else "0.0400")
    return book_of_2017, Decimal(OF_2017[book_of_2017][channel != "ui"])


def priced(books: PriceBooks, time: datetime, channel: str) -> tuple[str, Decimal]:
    """By the row of the use, from whichever books cover its day: exactly one must."""
    use = usage_of(looked_up(time, channel), PRICES.products)
    covering = [book for book in books.active if book.covers(use.day)]
    assert len(covering) == 1, time
    found = explain(books, Moment(time, ""), use.product, NOW)
    assert found.book == covering[0]
    return found.book.id, found.price


@pytest.mark.parametrize("book", sorted(OF_2017))
@pytest.mark.parametrize("channel", ["ui", "interface"])
def test_every_hour_around_new_year_is_priced_once_by_the_right_book(book: str, channel: str) -> None:
    books = PriceBooks(BOOKS.files, ["KELMU-2016", book])
    hours = [datetime(2016, 12, 24, 22, tzinfo=UTC) + timedelta(hours=hour) for hour in range(14 * 24)]
    assert hours[-1] == datetime(2017, 1, 7, 21, tzinfo=UTC)
    for time in (hour + shift for hour in hours for shift in SHIFTS):
        assert priced(books, time, channel) == right_price(time, book, channel), time


@pytest.mark.parametrize("edge", EDGES)
def test_every_quarter_of_an_hour_around_a_clock_change_is_priced_once(edge: datetime) -> None:
    for quarter in range(-4 * 26, 4 * 26):
        time = edge + timedelta(minutes=15 * quarter)
        assert priced(BOOKS, time, "ui") == right_price(time, "KELMU-2017", "ui"), time


@pytest.mark.parametrize("edge", EDGES)
def test_the_days_of_a_clock_change_have_23_or_25_hours_and_lose_none(edge: datetime) -> None:
    days = Counter(helsinki_date(edge + timedelta(hours=hour)) for hour in range(-48, 48))
    assert days[edge.date()] == (23 if edge.month == 3 else 25)
    assert all(days[edge.date() + timedelta(days=days_off)] == 24 for days_off in (-1, 1))


def test_every_hour_around_new_year_lies_in_one_month_when_rated_from_counts_and_from_zero() -> None:
    hours = [datetime(2016, 12, 25, tzinfo=UTC) + timedelta(hours=hour) for hour in range(14 * 24)]
    uses = [usage_of(looked_up(time, "ui"), PRICES.products) for time in hours]
    counts = Counter(use.period for use in uses)
    # 22:00Z is midnight in Finland: six whole days and 22 hours of the 31st stand before it.
    assert counts == {Month(2016, 12): 6 * 24 + 22, Month(2017, 1): 14 * 24 - (6 * 24 + 22)}
    for month, book_id in ((Month(2016, 12), "KELMU-2016"), (Month(2017, 1), "KELMU-2017-USAGE")):
        from_zero = MonthFromZero(month)
        for use in uses:
            from_zero.add("A-091", use.product, use.time, None)
        price = Decimal("0.0800" if book_id == "KELMU-2016" else "0.0740")
        expected = max((counts[month] * price).quantize(Decimal("0.01")), Decimal("7.00"))
        assert from_zero.owed(BOOKS.get(book_id)) == {"A-091": expected}


@given(st.datetimes(datetime(2015, 1, 2), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - bounds
def test_any_instant_lies_on_its_finnish_day_and_has_one_book(time: datetime) -> None:
    day = time.astimezone(FINLAND).date()
    assert helsinki_date(time) == day
    assert [book.id for book in BOOKS.active if book.covers(day)] == [
        "KELMU-2016" if day < date(2017, 1, 1) else "KELMU-2017"
    ]
