"""The worked examples of the population fee, to the cent and the day."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.instalments import (
    Instalment,
    Membership,
    PopulationMissingError,
    YearFee,
    due_date,
    inhabitants_of,
    instalment,
    issued_from,
    year_fee,
)

BOOK = load_prices().books.at(date(2017, 1, 1))
TERMS = BOOK.population
assert TERMS is not None
FIRST, LAST = date(2017, 1, 1), date(2017, 12, 31)


def fee(*members: tuple[str, int]) -> YearFee:
    return year_fee(BOOK, 2017, [Membership(code, inhabitants, FIRST, LAST) for code, inhabitants in members])


def run(number: int, of: YearFee, invoiced: dict[str, str] | None = None) -> Instalment:
    assert TERMS is not None
    return instalment(TERMS, number, of, {code: Decimal(amount) for code, amount in (invoiced or {}).items()})


def parts(due: Instalment) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for line in due.lines:
        for portion in line.portions:
            found[portion.member] = found.get(portion.member, Decimal(0)) + portion.amount
    return found


@pytest.mark.parametrize(
    ("inhabitants", "first", "second"),
    [
        (20_000, "500.00", "500.00"),
        (6_666, "166.65", "166.65"),
        (6_667, "166.68", "166.67"),
        (112_153 + 4_770, "2923.08", "2923.07"),
        (9_287, "232.18", "232.17"),
    ],
)
def test_a_year_is_split_in_two_with_the_extra_cent_first(inhabitants: int, first: str, second: str) -> None:
    one = run(1, fee(("091", inhabitants)))
    assert (one.decision, one.amount) == ("invoice", Decimal(first))
    two = run(2, fee(("091", inhabitants)), {"091": first})
    assert (two.decision, two.amount) == ("invoice", Decimal(second))


def test_less_than_fifty_euros_waits_for_the_next_instalment() -> None:
    one = run(1, fee(("091", 1500)))
    assert (one.decision, one.amount, one.lines) == ("rolled_over", Decimal("37.50"), ())
    two = run(2, fee(("091", 1500)))
    assert (two.decision, two.amount) == ("invoice", Decimal("75.00"))
    assert [(line.product, line.amount) for line in two.lines] == [
        ("SERVICE_YEAR", Decimal("37.50")),
        ("CARRIED_OVER", Decimal("37.50")),
    ]


def test_exactly_fifty_euros_is_invoiced() -> None:
    assert run(1, fee(("091", 2000))).decision == "invoice"


def test_less_than_ten_euros_at_the_year_end_is_waived() -> None:
    assert run(1, fee(("091", 100))).decision == "rolled_over"
    two = run(2, fee(("091", 100)))
    assert (two.decision, two.amount) == ("waived", Decimal("5.00"))


def test_a_rest_of_ten_to_fifty_euros_is_invoiced_at_the_year_end() -> None:
    assert run(2, fee(("091", 200))).decision == "invoice"


def test_a_joint_body_pays_one_sum_and_passes_it_on_by_largest_remainder() -> None:
    """Golden G10: 413.35; the 50 euro limit is on the agreement, so small members ride along."""
    year = fee(("A", 6667), ("B", 1500), ("C", 100))
    assert year.total == Decimal("413.35")
    one = run(1, year)
    assert one.amount == Decimal("206.68")
    assert parts(one) == {"A": Decimal("166.68"), "B": Decimal("37.50"), "C": Decimal("2.50")}
    two = run(2, year, {"A": "166.68", "B": "37.50", "C": "2.50"})
    assert two.amount == Decimal("206.67")
    assert parts(two) == {"A": Decimal("166.67"), "B": Decimal("37.50"), "C": Decimal("2.50")}


def test_a_member_that_leaves_in_june_is_settled_in_december() -> None:
    """Golden G10: second instalment 168.86; the leaver's own agreement 37.81; together still 413.35."""
    members = [
        Membership("A", 6667, FIRST, LAST),
        Membership("B", 1500, FIRST, date(2017, 6, 30)),
        Membership("C", 100, FIRST, LAST),
    ]
    joint = run(2, year_fee(BOOK, 2017, members), {"A": "166.68", "B": "37.50", "C": "2.50"})
    assert joint.amount == Decimal("168.86")
    assert parts(joint)["B"] == Decimal("-0.31")
    own = run(2, year_fee(BOOK, 2017, [Membership("B", 1500, date(2017, 7, 1), LAST)]))
    assert (own.decision, own.amount) == ("invoice", Decimal("37.81"))
    assert Decimal("206.68") + joint.amount + own.amount == Decimal("413.35")


def test_more_invoiced_than_due_takes_a_credit_and_is_never_waived() -> None:
    due = run(2, fee(("091", 2000)), {"091": "104.00"})
    assert (due.decision, due.amount) == ("credit", Decimal("-4.00"))


def test_an_agreement_without_members_in_the_year_owes_nothing() -> None:
    assert run(1, year_fee(BOOK, 2017, [])).decision == "nothing"


def test_due_days_move_to_the_next_banking_day_and_issue_is_thirty_days_before() -> None:
    assert TERMS is not None
    assert due_date(TERMS, 2017, 1) == date(2017, 3, 31)
    assert due_date(TERMS, 2017, 2) == date(2018, 1, 2)
    assert issued_from(TERMS, 2017, 1) == date(2017, 3, 1)


def test_the_successor_bears_the_inhabitants_of_what_merged_into_it() -> None:
    """Golden G8: Kuopio with Juankoski."""
    stated = {"297": 112_153, "174": 4_770, "091": 628_208}.get
    assert inhabitants_of("297", date(2017, 1, 1), stated) == 116_923
    assert inhabitants_of("174", date(2017, 1, 1), stated) == 0
    assert inhabitants_of("297", date(2016, 12, 31), stated) == 112_153
    assert inhabitants_of("091", date(2017, 1, 1), stated) == 628_208


def test_eurajoki_bears_the_inhabitants_of_luvia() -> None:
    stated = {"051": 5_957, "442": 3_330}.get
    assert inhabitants_of("051", date(2017, 1, 1), stated) == 9_287
    assert inhabitants_of("442", date(2017, 1, 1), stated) == 0
    assert inhabitants_of("442", date(2016, 12, 31), stated) == 3_330


def test_a_population_that_is_not_stated_is_told_by_its_municipality() -> None:
    with pytest.raises(PopulationMissingError, match="174"):
        inhabitants_of("297", date(2017, 1, 1), {"297": 1}.get)
