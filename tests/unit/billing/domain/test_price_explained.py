"""Why a use costs what it costs: which book, version, row, tier and law, and by which day."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.moments import read_moment
from services.billing.domain.pricing import Explained, NotPricedError, explain
from services.billing.price_reports import explained_data, explained_lines
from shared.clock.civil import at_helsinki

BOOKS = load_prices().books
NOW = at_helsinki(date(2017, 2, 1))


def ask(at: str, product: str = "QUERY_PERSON", unit: int = 1) -> Explained:
    return explain(BOOKS, read_moment(at), product, NOW, unit)


def test_the_last_second_of_2016_and_the_first_of_2017_have_their_own_books() -> None:
    before, after = ask("2016-12-31T23:59:59"), ask("2017-01-01T00:00:00")
    assert (before.book.id, before.price) == ("KELMU-2016", Decimal("0.0800"))
    assert (after.book.id, after.price) == ("KELMU-2017", Decimal("0.0000"))
    assert "It ends at 2016-12-31T22:00:00Z, midnight in Finland; from then on KELMU-2017" in " ".join(before.why)


def test_the_day_in_utc_is_named_where_it_misleads() -> None:
    assert "2017-01-01, though in UTC it is still 2016-12-31" in " ".join(ask("2016-12-31T22:30Z").why)


def test_the_words_name_book_row_price_law_source_and_that_it_is_assumed() -> None:
    lines = list(explained_lines(ask("2016-12-31T23:59:59"), None))
    assert lines[0] == (
        "KELMU-2016 QUERY_PERSON: 0.0800 €/query; L 150/1992 4 §, 6 §, 10 §; A 1063/2014 (VRK): direct query"
    )
    assert lines[-1] == "  Hinta on oletus. Priset är ett antagande. The price is an assumption."
    assert "(KELMU-2016.yaml)" in lines[1]
    known = "  As known on 2017-02-01: version 1, known from 2014-12-15 until further notice."
    assert known in lines


@pytest.mark.parametrize(
    ("unit", "tier", "price"), [(1, 1, "1.0000"), (1500, 1, "1.0000"), (1501, 2, "0.5000"), (2501, 3, "0.1000")]
)
def test_a_graduated_row_names_the_tier_of_the_unit(unit: int, tier: int, price: str) -> None:
    found = ask("2016-10-15", "USER_MONTH", unit)
    assert (found.tier, found.price) == (tier, Decimal(price))
    assert f"unit {unit} falls into tier {tier}" in found.why[-1]


def test_the_data_say_the_same() -> None:
    data = explained_data(ask("2016-12-31T23:59:59"), None)
    assert data["at"] == "2016-12-31T21:59:59+00:00"
    assert data["helsinki"] == "2016-12-31T23:59:59+02:00"
    assert (data["book"], data["version"], data["price"], data["assumed"]) == ("KELMU-2016", 1, "0.0800", True)
    assert data["law"] == "L 150/1992 4 §, 6 §, 10 §"


def test_a_product_that_the_book_does_not_price_and_a_day_without_a_book_are_told() -> None:
    with pytest.raises(NotPricedError, match=r"does not price QUERY_ODD\. It has ANNOTATION, "):
        ask("2016-12-31", "QUERY_ODD")
    with pytest.raises(NoPriceBookError, match="2014-12-31"):
        ask("2014-12-31")
