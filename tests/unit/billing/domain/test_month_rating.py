"""The worked examples of a month of use, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.rating import Count, MonthUsage, Rated, UnpricedError, rate_month

BOOKS = load_prices().books
BOOK = BOOKS.at(date(2016, 10, 1))


def usage(counts: dict[tuple[str, str], int], users: int = 0, lookups: dict[str, int] | None = None) -> MonthUsage:
    rows = tuple(Count(member, product, quantity) for (member, product), quantity in counts.items())
    return MonthUsage(rows, users, lookups if lookups is not None else {"091": max(users, 1)})


def amounts(rated: Rated) -> dict[str, Decimal]:
    return {line.product: line.amount for line in rated.lines}


def test_a_thousand_queries_and_ten_users_cost_90_euros() -> None:
    rated = rate_month(BOOK, usage({("091", "QUERY_PERSON"): 1000}, users=10))
    assert amounts(rated) == {"QUERY_PERSON": Decimal("80.00"), "USER_MONTH": Decimal("10.00")}
    assert rated.total == Decimal("90.00")


def test_a_small_month_is_lifted_to_the_minimum_by_a_line_of_its_own() -> None:
    rated = rate_month(BOOK, usage({("091", "QUERY_PERSON"): 30}, users=1))
    assert amounts(rated) == {
        "QUERY_PERSON": Decimal("2.40"),
        "USER_MONTH": Decimal("1.00"),
        "MINIMUM_INVOICE": Decimal("3.60"),
    }
    assert rated.total == Decimal("7.00")


def test_sixteen_hundred_users_pass_into_the_second_tier() -> None:
    rated = rate_month(BOOK, usage({}, users=1600))
    assert [(line.quantity, line.unit_price, line.amount) for line in rated.lines] == [
        (1500, Decimal("1.0000"), Decimal("1500.00")),
        (100, Decimal("0.5000"), Decimal("50.00")),
    ]
    assert rated.total == Decimal("1550.00")


def test_the_third_tier_takes_all_the_rest() -> None:
    assert rate_month(BOOK, usage({}, users=2600)).total == Decimal("2010.00")


def test_a_month_in_which_nothing_is_charged_owes_nothing_not_the_minimum() -> None:
    rated = rate_month(
        BOOK, usage({("091", "QUERY_NOHIT"): 5, ("091", "NOT_CHARGED"): 9, ("091", "CLAIM_REGISTER"): 2})
    )
    assert rated.total == 0


def test_the_minimum_itself_needs_no_adjustment() -> None:
    rated = rate_month(BOOK, usage({("091", "QUERY_PERSON"): 75}, users=1))
    assert amounts(rated) == {"QUERY_PERSON": Decimal("6.00"), "USER_MONTH": Decimal("1.00")}


def test_the_merged_municipality_is_rated_apart_from_its_successor() -> None:
    """Golden G8: 7.00 and 90.00, never 93.40 together."""
    small = rate_month(BOOK, usage({("174", "QUERY_PERSON"): 30}, users=1, lookups={"174": 30}))
    large = rate_month(BOOK, usage({("297", "QUERY_PERSON"): 1000}, users=10, lookups={"297": 1000}))
    assert (small.total, large.total) == (Decimal("7.00"), Decimal("90.00"))


def test_user_fees_are_passed_on_by_share_of_look_ups() -> None:
    """Golden G11: ten users, look-ups 70/20/10."""
    counts = {("A", "QUERY_PERSON"): 70, ("B", "QUERY_PERSON"): 20, ("C", "QUERY_PERSON"): 10}
    rated = rate_month(BOOK, usage(counts, users=10, lookups={"A": 70, "B": 20, "C": 10}))
    users = next(line for line in rated.lines if line.product == "USER_MONTH")
    assert [(part.member, part.amount) for part in users.portions] == [
        ("A", Decimal("7.00")),
        ("B", Decimal("2.00")),
        ("C", Decimal("1.00")),
    ]


def test_members_parts_always_sum_to_their_line() -> None:
    counts = {("A", "QUERY_PERSON"): 1, ("B", "QUERY_PERSON"): 1, ("C", "QUERY_PERSON"): 1}
    rated = rate_month(BOOK, usage(counts, users=1, lookups={"A": 1, "B": 1, "C": 1}))
    for line in rated.lines:
        assert sum(part.amount for part in line.portions) == line.amount


def test_each_line_is_rounded_half_up_once() -> None:
    rated = rate_month(BOOK, usage({("091", "QUERY_INTERFACE"): 1, ("091", "QUERY_PERSON"): 100}))
    assert amounts(rated)["QUERY_INTERFACE"] == Decimal("0.04")


def test_an_unpriced_product_is_loud_not_free() -> None:
    with pytest.raises(UnpricedError, match="KELMU-2016 does not price QUERY_ODD"):
        rate_month(BOOK, usage({("091", "QUERY_ODD"): 1}))


def test_a_population_book_does_not_rate_usage() -> None:
    with pytest.raises(ValueError, match="does not charge usage"):
        rate_month(BOOKS.at(date(2017, 1, 1)), usage({}))
