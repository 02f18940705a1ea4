"""A book published later changes the past only for those who ask by what is known since; faults in either time."""

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from services.billing.book_files import BOOKS, load_prices
from services.billing.domain.book import PriceBook
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.faults import FileError
from services.billing.domain.periods import BillingRefusedError, month_period
from services.billing.domain.rating import Count, MonthUsage, rate_month
from shared.clock.civil import Month, at_helsinki

SECOND = "KELMU-2016-v2.yaml"
DECEMBER = date(2016, 12, 1)
BEFORE = datetime(2017, 4, 30, 20, 59, 59, tzinfo=UTC)
"""The last second of 30.4.2017 in Finland."""
SINCE = datetime(2017, 4, 30, 21, tzinfo=UTC)


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped books, and a second version of the first, known from 1.5.2017, in which a query costs 0.07."""
    shutil.copytree(BOOKS, tmp_path / "books")
    first = tmp_path / "books" / "KELMU-2016.yaml"
    shutil.copy(first, tmp_path / "books" / SECOND)
    edit(first, "known: {first: 2014-12-15, last: null}", "known: {first: 2014-12-15, last: 2017-04-30}")
    edit(tmp_path / "books" / SECOND, "version: 1", "version: 2")
    edit(tmp_path / "books" / SECOND, "known: {first: 2014-12-15", "known: {first: 2017-05-01")
    edit(tmp_path / "books" / SECOND, 'price: "0.0800"', 'price: "0.0700"')
    return tmp_path / "books"


def faults(folder: Path) -> list[tuple[str, str, str]]:
    with pytest.raises(FileError) as caught:
        load_prices(folder)
    assert all(fault.reason and fault.advice for fault in caught.value.faults)
    return [(fault.code, fault.file, fault.row) for fault in caught.value.faults]


def price_of(book: PriceBook) -> Decimal:
    item = book.item("QUERY_PERSON")
    assert item is not None
    assert item.price is not None
    return item.price


def test_the_past_is_priced_as_it_was_known_at_the_instant(folder: Path) -> None:
    books = load_prices(folder).books
    assert price_of(books.at(DECEMBER, BEFORE)) == Decimal("0.0800")
    assert price_of(books.at(DECEMBER, SINCE)) == Decimal("0.0700")
    assert price_of(books.at(DECEMBER)) == Decimal("0.0700")
    assert price_of(books.get("KELMU-2016", BEFORE)) == Decimal("0.0800")
    assert [books.at(DECEMBER, when).name for when in (BEFORE, SINCE)] == ["KELMU-2016", "KELMU-2016 v2"]


def test_a_month_is_recomputed_as_known_when_issued_and_corrected_as_known_now(folder: Path) -> None:
    books = load_prices(folder).books
    usage = MonthUsage((Count("091", "QUERY_PERSON", 1000),), 10, {"091": 1000})
    issued = month_period(books, Month(2016, 12), at_helsinki(date(2017, 1, 2)))
    assert rate_month(issued.book, usage).total == Decimal("90.00")
    now = month_period(books, Month(2016, 12), SINCE)
    assert rate_month(now.book, usage).total == Decimal("80.00")
    assert issued.book.id == now.book.id


def test_what_was_not_published_yet_prices_nothing() -> None:
    books = load_prices().books
    announced = at_helsinki(date(2016, 10, 31))
    assert books.at(date(2017, 1, 1), announced).id == "KELMU-2017"
    with pytest.raises(NoPriceBookError, match="known on 2016-10-30"):
        books.at(date(2017, 1, 1), datetime(2016, 10, 30, 21, 59, 59, tzinfo=UTC))
    with pytest.raises(NoPriceBookError, match="KELMU-2017 known on 2015-01-01"):
        books.get("KELMU-2017", at_helsinki(date(2015, 1, 1)))
    with pytest.raises(BillingRefusedError, match="known by now"):
        month_period(books, Month(2014, 11), at_helsinki(date(2014, 12, 1)))


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (SECOND, "first: 2017-05-01", "first: 2017-04-30", ("book.known_overlap", SECOND, "known, first")),
        (SECOND, "first: 2017-05-01", "first: 2017-05-02", ("book.known_gap", SECOND, "known, first")),
        (SECOND, "version: 2", "version: 1", ("book.twice", "KELMU-2016.yaml", "id")),
        (SECOND, "version: 2", "version: 3", ("book.version", SECOND, "version")),
        ("KELMU-2016.yaml", "last: 2017-04-30", "last: null", ("book.known_overlap", SECOND, "known, first")),
        (
            SECOND,
            "known: {first: 2017-05-01, last: null}",
            "known: {first: 2017-05-01, last: 2018-01-01}",
            ("book.known_gap", SECOND, "known, last"),
        ),
        (
            SECOND,
            "valid: {first: 2015-01-01, last: 2016-12-31}",
            "valid: {first: 2015-01-01, last: 2017-01-31}",
            ("book.overlap", "KELMU-2017.yaml", "valid, first"),
        ),
        (
            SECOND,
            "valid: {first: 2015-01-01, last: 2016-12-31}",
            "valid: {first: 2015-01-01, last: 2016-11-30}",
            ("book.gap", "KELMU-2017.yaml", "valid, first"),
        ),
        (
            SECOND,
            "valid: {first: 2015-01-01, last: 2016-12-31}",
            "valid: {first: 2016-01-01, last: 2016-12-31}",
            ("book.lost", SECOND, "valid, first"),
        ),
        (
            SECOND,
            "known: {first: 2017-05-01, last: null}",
            "known: {first: 2017-05-01, last: 2017-04-01}",
            ("book.known", SECOND, "the whole file"),
        ),
        (SECOND, "version: 2\n", "", ("book.missing", SECOND, "version")),
        (SECOND, "known: {first: 2017-05-01, last: null}", "", ("book.missing", SECOND, "known")),
        (SECOND, "first: 2017-05-01", "first: '2017-05-01'", ("book.invalid", SECOND, "known, first")),
    ],
)
def test_a_fault_between_versions_is_named(
    folder: Path, file: str, old: str, new: str, fault: tuple[str, str, str]
) -> None:
    edit(folder / file, old, new)
    assert fault in faults(folder)


def test_days_that_were_priced_once_stay_priced(folder: Path) -> None:
    short = folder / "SHORT.yaml"
    shutil.copy(folder / "KELMU-2017.yaml", short)
    edit(folder / "KELMU-2017.yaml", "last: null}  # the", "last: 2018-12-31}  # the")
    edit(short, "version: 1", "version: 2")
    edit(short, "known: {first: 2016-10-31", "known: {first: 2019-01-01")
    edit(short, "valid: {first: 2017-01-01, last: null}", "valid: {first: 2017-01-01, last: 2017-12-31}")
    assert faults(folder) == [("book.lost", "SHORT.yaml", "valid, last")]


def test_a_version_that_charges_by_another_model_is_another_book(folder: Path) -> None:
    edit(folder / "KELMU-2017.yaml", "id: KELMU-2017", "id: KELMU-2016")
    found = faults(folder)
    assert ("book.model", "KELMU-2017.yaml", "the whole file") in found
