"""What is given back is shared out to the cent, and no document is credited beyond itself."""

from datetime import date
from decimal import Decimal

import pytest

from services.billing.book_files import load_prices
from services.billing.domain.corrections import (
    Carrier,
    Key,
    balanced,
    line_text,
    month_basis,
    period_name,
    subtract,
    take_back,
    year_worth,
)
from services.billing.domain.instalments import Membership, year_fee
from services.billing.domain.rating import Count, MonthUsage
from shared.contracts.base import Text

KEY = Key("A-1", "KELMU-2016", "2016-12")
BOOK = load_prices().books.get("KELMU-2017")
TERMS = BOOK.population


def carrier(number: str, amount: str, left: str) -> Carrier:
    return Carrier(number, KEY.charged, Decimal(amount), Decimal(left))


def euros(**amounts: str) -> dict[str, Decimal]:
    return {code: Decimal(amount) for code, amount in amounts.items()}


def test_the_earliest_document_gives_back_first_and_none_more_than_it_charged() -> None:
    taken = take_back(Decimal("9.00"), euros(a="9.00"), [carrier("K1", "7.00", "7.00"), carrier("V2", "2.80", "500")])
    assert [(one.carrier.number, one.amount) for one in taken] == [("K1", Decimal("7.00")), ("V2", Decimal("2.00"))]


def test_what_decisions_on_rectification_gave_back_is_not_given_back_again() -> None:
    taken = take_back(Decimal("7.00"), euros(a="7.00"), [carrier("K1", "7.00", "3.00")])
    assert [one.amount for one in taken] == [Decimal("3.00")]
    assert sum(taken[0].parts.values()) == Decimal("3.00")
    assert take_back(Decimal("7.00"), euros(a="7.00"), [carrier("K1", "7.00", "0.00")]) == []


def test_members_parts_of_several_notes_sum_to_each_note_and_to_the_whole() -> None:
    parts = euros(a="-1.25", b="6.00", c="4.25")
    taken = take_back(Decimal("9.00"), parts, [carrier("K1", "7.00", "7.00"), carrier("V2", "5.00", "5.00")])
    assert [sum(one.parts.values()) for one in taken] == [one.amount for one in taken]
    whole = {code: sum(one.parts.get(code, Decimal(0)) for one in taken) for code in parts}
    assert whole == parts


def test_parts_that_miss_the_amount_are_filled_up_by_size() -> None:
    assert balanced(euros(a="1.00"), Decimal("2.00"), euros(a="3.00", b="1.00")) == euros(a="1.75", b="0.25")
    assert balanced({}, Decimal("1.01"), euros(a="0.00", b="0.00")) == euros(a="0.51", b="0.50")
    assert subtract(euros(a="2.00", b="1.00"), euros(a="2.00", c="0.50")) == euros(b="1.00", c="-0.50")


@pytest.mark.parametrize(
    ("inhabitants", "charged", "waived", "worth"),
    [
        (20_000, "1000.00", False, "1000.00"),
        (20_000, "999.95", False, "1000.00"),
        (19_000, "1000.00", False, "950.00"),
        (100, "0.00", True, "0.00"),
        (100, "0.00", False, "0.00"),
        (300, "0.00", True, "15.00"),
    ],
    ids=["as charged", "a few cents short", "too much", "still waived", "too little to begin with", "no longer little"],
)
def test_a_year_is_worth_its_fee_unless_what_was_waived_is_still_too_little(
    inhabitants: int, charged: str, *, waived: bool, worth: str
) -> None:
    fee = year_fee(BOOK, 2017, [Membership("091", inhabitants, date(2017, 1, 1), date(2017, 12, 31))])
    assert TERMS is not None
    assert year_worth(TERMS, fee, Decimal(charged), waived=waived) == Decimal(worth)


def test_use_that_came_and_went_leaves_no_trace_in_the_fingerprint() -> None:
    one = MonthUsage((Count("091", "QUERY_PERSON", 3),), 1, {"091": 3})
    same = MonthUsage((Count("091", "QUERY_NOHIT", 0), Count("091", "QUERY_PERSON", 3)), 1, {"091": 3})
    more = MonthUsage((Count("091", "QUERY_PERSON", 4),), 1, {"091": 4})
    assert month_basis(one) == month_basis(same) != month_basis(more)


def test_a_line_says_whose_period_it_corrects_in_three_languages() -> None:
    name = Text(fi="Juankoski", sv="Juankoski", en="Juankoski")
    what = Text(fi="korjaus", sv="korrigering", en="correction")
    assert line_text(name, "2016-12", what) == Text(
        fi="Juankoski 12/2016, korjaus", sv="Juankoski 12/2016, korrigering", en="Juankoski 12/2016, correction"
    )
    assert period_name("2017/2") == "2017"
