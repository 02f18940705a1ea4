"""A bad price book is refused before it can price anything, and every fault is named."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.billing.book_files import BOOKS, PRODUCTS, load_prices
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.faults import FileError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BOOKS, tmp_path / "books")
    return tmp_path / "books"


def edit(path: Path, old: str, new: str) -> None:
    content = path.read_text(encoding="utf-8")
    assert old in content
    path.write_text(content.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path, products: Path = PRODUCTS) -> list[tuple[str, str, str]]:
    with pytest.raises(FileError) as caught:
        load_prices(folder, products)
    assert all(fault.reason and fault.advice for fault in caught.value.faults)
    return [(fault.code, fault.file, fault.row) for fault in caught.value.faults]


def test_the_shipped_books_follow_each_other_and_every_amount_says_that_it_is_assumed() -> None:
    books = load_prices().books
    assert [book.id for book in books.active] == ["KELMU-2016", "KELMU-2017"]
    assert books.at(date(2016, 12, 31)).id == "KELMU-2016"
    assert books.at(date(2017, 1, 1)).id == "KELMU-2017"
    assert all(item.assumed and item.source and item.law for book in books.active for item in book.items)
    person = books.at(date(2016, 6, 1)).item("QUERY_PERSON")
    assert person is not None
    assert person.price == Decimal("0.0800")


def test_a_day_before_the_first_book_has_no_price() -> None:
    with pytest.raises(NoPriceBookError, match="2014-12-31"):
        load_prices().books.at(date(2014, 12, 31))


def test_an_unquoted_float_is_refused_with_its_row(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", 'price: "0.0800"', "price: 0.0800")
    assert faults(folder) == [("book.float", "KELMU-2016.yaml", "items[1] QUERY_PERSON, price")]


def test_an_unquoted_whole_number_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", 'price: "560.0000"', "price: 560")
    assert faults(folder) == [("book.unquoted", "KELMU-2016.yaml", "items[7] CONNECTION_SETUP, price")]


def test_a_float_inside_a_tier_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", 'price: "0.5000"', "price: 0.5")
    assert faults(folder) == [("book.float", "KELMU-2016.yaml", "items[6] USER_MONTH, tiers[2], price")]


def test_a_negative_price_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2017.yaml", 'price: "0.0500"', 'price: "-0.0500"')
    assert faults(folder) == [("book.negative", "KELMU-2017.yaml", "items[1] SERVICE_YEAR, price")]


def test_too_many_decimals_are_refused_not_rounded(folder: Path) -> None:
    edit(folder / "KELMU-2017.yaml", 'price: "0.0500"', 'price: "0.05001"')
    assert faults(folder)[0][0] == "book.amount"


def test_an_unknown_key_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "payment_term_days: 30", "payment_term_days: 30\ndiscount: none")
    assert faults(folder) == [("book.unknown_key", "KELMU-2016.yaml", "discount")]


def test_a_key_written_twice_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "payment_term_days: 30", "payment_term_days: 30\npayment_term_days: 14")
    assert faults(folder)[0][0] == "file.unreadable"


def test_a_missing_source_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", '    source: "A 1063/2014 (VRK): direct query"\n', "")
    assert faults(folder) == [("book.missing", "KELMU-2016.yaml", "items[1] QUERY_PERSON, source")]


def test_tiers_that_do_not_rise_are_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "up_to: 2500", "up_to: 1500")
    assert faults(folder)[0][0] == "book.tiers"


def test_a_product_priced_twice_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "code: QUERY_NOHIT", "code: QUERY_PERSON")
    assert faults(folder)[0][0] == "book.twice"


def test_overlapping_books_are_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "last: 2016-12-31", "last: 2017-01-31")
    assert faults(folder) == [("book.overlap", "KELMU-2017.yaml", "valid, first")]


def test_an_open_end_before_another_book_is_an_overlap(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "last: 2016-12-31", "last: null")
    assert faults(folder) == [("book.overlap", "KELMU-2017.yaml", "valid, first")]


def test_a_gap_between_books_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "last: 2016-12-31", "last: 2016-11-30")
    assert faults(folder) == [("book.gap", "KELMU-2017.yaml", "valid, first")]


def test_a_book_that_ends_within_a_month_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "last: 2016-12-31", "last: 2016-12-30")
    assert faults(folder)[0][0] == "book.validity"


def test_a_book_that_charges_neither_usage_nor_inhabitants_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", "usage:", "population:")
    assert "book.missing" in {code for code, _, _ in faults(folder)}


def test_every_fault_of_every_file_is_told_at_once(folder: Path) -> None:
    edit(folder / "KELMU-2016.yaml", 'price: "0.0800"', "price: 0.0800")
    edit(folder / "KELMU-2016.yaml", 'price: "0.0400"', 'price: "-0.0400"')
    edit(folder / "KELMU-2017.yaml", 'price: "0.0500"', "price: 0.05")
    assert sorted(code for code, _, _ in faults(folder)) == ["book.float", "book.float", "book.negative"]


def test_no_active_book_is_refused(folder: Path) -> None:
    (folder / "active.yaml").write_text("active: []")
    assert faults(folder) == [("book.none", "active.yaml", "active")]


def test_a_book_that_is_not_in_force_may_overlap(folder: Path) -> None:
    spare = folder / "SPARE.yaml"
    shutil.copy(folder / "KELMU-2017.yaml", spare)
    edit(spare, "id: KELMU-2017", "id: SPARE-2017")
    assert load_prices(folder).books.get("SPARE-2017").id == "SPARE-2017"


def test_a_file_that_is_no_yaml_is_refused(folder: Path) -> None:
    (folder / "KELMU-2016.yaml").write_bytes(b"\xff\xfe{")
    assert faults(folder)[0][:2] == ("file.unreadable", "KELMU-2016.yaml")


def test_a_metered_product_without_a_price_is_refused(folder: Path) -> None:
    edit(folder / "KELMU-2017.yaml", "code: QUERY_NOHIT", "code: QUERY_OTHER")
    assert faults(folder) == [("products.unpriced", "products.yaml", "QUERY_NOHIT from 2015-01-01")]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("last: 2016-12-31", "last: null", "products.overlap"),
        ("last: 2016-12-31", "last: 2016-11-30", "products.gap"),
        ("outcome: empty", "outcome: granted", "products.overlap"),
        ("outcome: empty", "outcome: vanished", "products.invalid"),
        ("action: list", "action: notices", "products.overlap"),
        ("action: annotation, outcome: answered", "action: annotation, outcome: granted", "products.gap"),
        ("action: annotation", "action: guess", "products.invalid"),
    ],
)
def test_a_product_table_with_holes_or_doubles_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    table = tmp_path / "products.yaml"
    shutil.copy(PRODUCTS, table)
    edit(table, old, new)
    assert code in {found for found, _, _ in faults(BOOKS, table)}
