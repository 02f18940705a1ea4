"""The price-change report against figures worked out by hand (golden G8 and G10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.billing.book_files import load_prices
from services.billing.domain.instalments import Membership
from services.billing.domain.price_change import ChangeRow, PriceChange, price_change
from services.billing.domain.rating import Count, MonthUsage
from services.billing.domain.year_costs import Body, MonthsUsed, in_products_of
from services.billing.reporting import comparable_books
from shared.clock.civil import Month

PRICES = load_prices()
NEW_YEAR = date(2017, 1, 1)
BOOKS = comparable_books(PRICES, NEW_YEAR)
DECEMBER = {
    Month(2016, 12): {
        "A-174": MonthUsage((Count("174", "QUERY_PERSON", 30),), 1, {"174": 30}),
        "A-297": MonthUsage((Count("297", "QUERY_PERSON", 1000),), 10, {"297": 1000}),
    }
}
KUOPIO = Body("A-297", "Kuopio", (Membership("297", 116_923, NEW_YEAR, date(2017, 12, 31)),), codes=("297",))


def whole_year(code: str, inhabitants: int) -> Membership:
    return Membership(code, inhabitants, NEW_YEAR, date(2017, 12, 31))


def report(before: MonthsUsed, bodies: Sequence[Body]) -> PriceChange:
    what_if = {
        month.plus(12): in_products_of(PRICES.products, month.plus(12).first, used) for month, used in before.items()
    }
    return price_change(2017, lambda month: PRICES.books.at(month.first), BOOKS, before, what_if, bodies, own_use=False)


def row_of(change: PriceChange, code: str) -> ChangeRow:
    return next(row for row in change.rows if row.municipality == code)


def test_every_book_of_the_year_is_compared_the_one_in_force_first() -> None:
    assert [book.id for book in BOOKS] == ["KELMU-2017", "KELMU-2017-FREE", "KELMU-2017-USAGE"]


def test_a_merged_municipality_is_charged_apart_in_the_old_year_and_shown_in_its_successors_row() -> None:
    """7.00 + 90.00; 116,923 by 0.05; 30 by 0.074 + 1.00 → 7.00 and 1,000 by 0.074 + 10.00 = 84.00."""
    change = report(DECEMBER, [KUOPIO])
    (row,) = change.rows
    assert (row.municipality, row.merged, row.before) == ("297", ("Juankoski",), Decimal("97.00"))
    assert row.after == {
        "KELMU-2017": Decimal("5846.15"),
        "KELMU-2017-FREE": Decimal("0.00"),
        "KELMU-2017-USAGE": Decimal("91.00"),
    }
    assert row.difference("KELMU-2017") == Decimal("5749.15")
    assert row.share("KELMU-2017") == Decimal("59.2696")
    assert row.share("KELMU-2017-USAGE") == Decimal("-0.0619")


def test_a_joint_body_is_told_by_member_and_its_members_sum_to_its_fee() -> None:
    """G10: 413.35 over 6,667, 1,500 and 100 inhabitants."""
    members = (whole_year("837", 6667), whole_year("211", 1500), whole_year("418", 100))
    change = report({}, [Body("A-837", "Tampere", members, codes=("837", "211", "418"))])
    assert [(row.municipality, str(row.after["KELMU-2017"])) for row in change.joint] == [
        ("211", "75.00"),
        ("418", "5.00"),
        ("837", "333.35"),
    ]
    total = change.totals[0]
    assert (total.after, total.before, total.share, total.dearer) == (Decimal("413.35"), Decimal("0.00"), None, 3)


def test_a_fee_that_would_be_waived_costs_nothing() -> None:
    change = report({}, [Body("A-020", "Akaa", (whole_year("020", 100),), codes=("020",))])
    assert row_of(change, "020").after["KELMU-2017"] == Decimal("0.00")


def test_use_metered_apart_in_2016_is_rated_as_the_product_it_is_in_2017() -> None:
    """200 by 0.04 + 1.00 = 9.00 in 2016; the table of 2017 knows one look-up: 200 by 0.074 + 1.00 = 15.80."""
    used = MonthUsage((Count("837", "QUERY_INTERFACE", 200),), 1, {"837": 200})
    change = report(
        {Month(2016, 11): {"A-837": used}}, [Body("A-837", "Tampere", (whole_year("837", 1),), codes=("837",))]
    )
    row = row_of(change, "837")
    assert (row.before, row.after["KELMU-2017-USAGE"]) == (Decimal("9.00"), Decimal("15.80"))


def test_a_population_that_is_not_stated_leaves_its_municipality_out_of_the_sums_and_says_why() -> None:
    missing = Body("A-837", "Tampere", (), "The population of 837 is not stated.", ("837",))
    change = report(DECEMBER, [KUOPIO, missing])
    assert row_of(change, "837").after["KELMU-2017"] is None
    assert [(gap.agreement, gap.book) for gap in change.gaps] == [("A-837", "KELMU-2017")]
    total = change.totals[0]
    assert (total.after, total.unknown) == (Decimal("5846.15"), 1)


def test_use_that_a_book_does_not_price_is_a_gap_and_never_free() -> None:
    month = DECEMBER[Month(2016, 12)]
    odd = replace(month["A-297"], counts=(Count("297", "SOMETHING_NEW", 1),))
    change = report({Month(2016, 12): {"A-297": odd}}, [KUOPIO])
    row = row_of(change, "297")
    assert (row.before, row.after["KELMU-2017-USAGE"]) == (None, None)
    assert {gap.book for gap in change.gaps} == {"KELMU-2016", "KELMU-2017-USAGE"}
