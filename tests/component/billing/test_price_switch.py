"""One switch says which books are in force; whatever it says, each day has one price or the switch is refused."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.billing.book_files import BOOKS, load_prices
from services.billing.domain.books import PriceBooks
from services.billing.domain.faults import FileError
from services.billing.domain.periods import BillingRefusedError, instalment_period, month_period
from services.billing.domain.rating import Count, MonthUsage, rate_month
from shared.clock.civil import Month, at_helsinki

JANUARY = Month(2017, 1)
LATER = at_helsinki(date(2018, 6, 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(BOOKS, tmp_path / "books")
    return tmp_path / "books"


def switched(folder: Path, *ids: str) -> PriceBooks:
    (folder / "active.yaml").write_text("active: [" + ", ".join(ids) + "]", encoding="utf-8")
    return load_prices(folder).books


def usage(queries: int, users: int, product: str = "QUERY_PERSON") -> MonthUsage:
    return MonthUsage((Count("091", product, queries),), users, {"091": queries})


def test_both_other_books_of_2017_are_shipped_but_not_in_force() -> None:
    books = load_prices().books
    assert {book.id: book.charges for book in books.files.values()} == {
        "KELMU-2016": "usage",
        "KELMU-2017": "inhabitants",
        "KELMU-2017-USAGE": "usage",
        "KELMU-2017-FREE": "nothing",
    }
    assert [book.id for book in books.active] == ["KELMU-2016", "KELMU-2017"]
    for book in books.files.values():
        assert all(item.assumed and item.source and item.law for item in book.items)


def test_with_the_usage_book_months_of_2017_are_closed_at_its_prices(folder: Path) -> None:
    books = switched(folder, "KELMU-2016", "KELMU-2017-USAGE")
    period = month_period(books, JANUARY, LATER)
    assert period.book.id == "KELMU-2017-USAGE"
    assert rate_month(period.book, usage(1000, 10)).total == Decimal("84.00")
    assert rate_month(period.book, usage(30, 1)).total == Decimal("7.00")
    assert rate_month(period.book, usage(1600, 1600)).total == Decimal("118.40") + 1600
    with pytest.raises(BillingRefusedError) as caught:
        instalment_period(books, "2017/1", LATER)
    assert caught.value.code == "instalment.not_population"


def test_with_the_free_book_use_is_metered_and_nothing_is_owed(folder: Path) -> None:
    books = switched(folder, "KELMU-2016", "KELMU-2017-FREE")
    rated = rate_month(month_period(books, JANUARY, LATER).book, usage(1000, 10))
    assert rated.total == 0
    assert {line.product: line.quantity for line in rated.lines} == {"QUERY_PERSON": 1000, "USER_MONTH": 10}


@pytest.mark.parametrize("book", ["KELMU-2017-USAGE", "KELMU-2017-FREE", "KELMU-2017"])
def test_2016_is_priced_alike_whatever_follows_it(folder: Path, book: str) -> None:
    books = switched(folder, book, "KELMU-2016")
    assert books.at(date(2016, 12, 31)).id == "KELMU-2016"
    assert books.at(date(2017, 1, 1)).id == book
    assert PriceBooks(books.files, ("KELMU-2016", "KELMU-2017")).at(date(2017, 1, 1)).id == "KELMU-2017"


@pytest.mark.parametrize(
    ("content", "code", "file", "row"),
    [
        ("active: [KELMU-2016, KELMU-2018]", "active.unknown", "active.yaml", "active[2] KELMU-2018"),
        ("active: [KELMU-2016, KELMU-2016]", "active.twice", "active.yaml", "active[2] KELMU-2016"),
        ("active: [KELMU-2016, KELMU-2017, KELMU-2017-FREE]", "book.overlap", "KELMU-2017.yaml", "valid, first"),
        ("active: []", "book.none", "active.yaml", "active"),
        ("{}", "active.missing", "active.yaml", "active"),
        ("active: [KELMU-2016]\nfrom: 2017", "active.unknown_key", "active.yaml", "from"),
        ("active: KELMU-2016", "active.invalid", "active.yaml", "active"),
        ("active: [kelmu]", "active.invalid", "active.yaml", "active[1]"),
    ],
)
def test_a_switch_that_leaves_a_price_open_is_refused(
    folder: Path, content: str, code: str, file: str, row: str
) -> None:
    (folder / "active.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_prices(folder)
    assert [(fault.code, fault.file, fault.row) for fault in caught.value.faults] == [(code, file, row)]
    assert caught.value.faults[0].advice


def test_a_missing_switch_is_told(folder: Path) -> None:
    (folder / "active.yaml").unlink()
    with pytest.raises(FileError, match=r"active\.yaml, the whole file: The file is missing"):
        load_prices(folder)


def test_a_new_book_is_a_new_file_and_one_line_of_the_switch(folder: Path) -> None:
    text = (folder / "KELMU-2017-USAGE.yaml").read_text(encoding="utf-8")
    text = text.replace("id: KELMU-2017-USAGE", "id: KELMU-NEW").replace('price: "0.0740"', 'price: "0.0900"')
    (folder / "KELMU-NEW.yaml").write_text(text, encoding="utf-8")
    assert rate_month(switched(folder, "KELMU-2016", "KELMU-NEW").at(date(2017, 1, 1)), usage(100, 0)).total == 9


@pytest.mark.parametrize("days", ['["02-30"]', '["12-31", "03-31"]', '["03-31", "03-31"]', '["02-29"]', "[]"])
def test_due_days_that_no_year_can_keep_are_refused(folder: Path, days: str) -> None:
    path = folder / "KELMU-2017.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace('["03-31", "12-31"]', days), encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_prices(folder)
    assert [fault.row for fault in caught.value.faults] == ["population, instalments"]


@pytest.mark.parametrize("key", ["assumed: true}", "source: "])
def test_a_limit_without_source_or_assumed_is_refused(folder: Path, key: str) -> None:
    path = folder / "KELMU-2017.yaml"
    line = 'rollover_below: {amount: "50.00", source: "A 911/2016 (Kanta): smaller amounts may wait", assumed: true}'
    cut = {
        "assumed: true}": line.replace(", assumed: true", ""),
        "source: ": line.replace('source: "A 911/2016 (Kanta): smaller amounts may wait", ', ""),
    }[key]
    content = path.read_text(encoding="utf-8")
    assert line in content
    path.write_text(content.replace(line, cut), encoding="utf-8")
    with pytest.raises(FileError) as caught:
        load_prices(folder)
    assert [fault.code for fault in caught.value.faults] == ["book.missing"]
    assert caught.value.faults[0].row.startswith("population, rollover_below, ")
