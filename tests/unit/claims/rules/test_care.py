"""V10, V11: what an AML 14 claim rests on, and the client's protected share."""

from collections.abc import Callable
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import order
from shared.contracts.asking import CareStated
from tests.unit.claims.conftest import CARE

Make = Callable[..., ClaimFacts]


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


def care(**changes: object) -> dict[str, object]:
    """A claim on care of which something is changed."""
    usual = {"first": date(2016, 10, 10), "fee": "637.50", "income": "750.00", "unit": "Koivukoti"}
    return {**CARE, "care": CareStated.model_validate(usual | changes)}


def test_v10_given_no_care_then_refused(facts: Make) -> None:
    assert refused(facts(ground="aml_14", care=None)) == "claim.care.missing"


@pytest.mark.parametrize("unit", ["", "  ", "x" * 201, "Koivu\nkoti"])
def test_v10_given_no_readable_unit_then_refused(facts: Make, unit: str) -> None:
    assert refused(facts(**care(unit=unit))) == "claim.care.unit"


def test_v10_given_the_unit_in_its_older_field_then_it_passes(facts: Make) -> None:
    assert refused(facts(**care(unit=""), care_unit="Koivukoti")) is None


@pytest.mark.parametrize("days", [{"first": None}, {"last": date(2016, 10, 9)}])
def test_v10_given_care_without_days_then_refused(facts: Make, days: dict[str, object]) -> None:
    assert refused(facts(**care(**days))) == "claim.care.period"


@pytest.mark.parametrize(
    ("of_care", "of_claim", "code"),
    [
        ({"first": date(2016, 12, 1), "last": date(2016, 12, 31)}, {}, None),
        ({"first": date(2016, 12, 2)}, {}, "claim.period.outside_care"),
        ({"last": date(2016, 12, 30)}, {}, "claim.period.outside_care"),
        ({"last": date(2016, 12, 31)}, {"last": None}, "claim.period.outside_care"),
        ({}, {"last": None}, None),
    ],
)
def test_v10_given_the_days_of_care_then_the_period_is_within_them(
    facts: Make, of_care: dict[str, object], of_claim: dict[str, object], code: str | None
) -> None:
    assert refused(facts(**care(**of_care), **of_claim)) == code


@pytest.mark.parametrize("field", ["fee", "income", "others"])
@pytest.mark.parametrize("amount", ["", "1,234", "ten", "all", "NaN"])
def test_v11_given_an_amount_that_is_no_euro_sum_then_refused(facts: Make, field: str, amount: str) -> None:
    assert refused(facts(**care(**{field: amount}))) == "claim.care.amount"


@pytest.mark.parametrize("amounts", [{"fee": "0"}, {"fee": "-1"}, {"income": "0"}, {"others": "-0.01"}])
def test_v11_given_an_amount_that_cannot_be_then_refused(facts: Make, amounts: dict[str, object]) -> None:
    assert refused(facts(**care(**amounts))) == "claim.care.not_positive"


@pytest.mark.parametrize(
    ("income", "fee", "code"),
    [
        ("750.00", "637.50", None),
        ("750.00", "637.51", "claim.care.fee_too_high"),
        ("600.00", "493.00", None),
        ("600.00", "493.01", "claim.care.fee_too_high"),
        ("107.00", "0.01", "claim.care.fee_too_high"),
    ],
)
def test_v11_given_the_income_then_the_fee_leaves_the_protected_share(
    facts: Make, income: str, fee: str, code: str | None
) -> None:
    """Golden G3."""
    assert refused(facts(**care(income=income, fee=fee))) == code


@pytest.mark.parametrize(
    ("year", "fee", "code"),
    [
        (2015, "495.00", None),
        (2015, "495.01", "claim.care.fee_too_high"),
        (2016, "493.01", "claim.care.fee_too_high"),
        (2018, "492.00", None),
        (2018, "492.01", "claim.care.fee_too_high"),
        (2013, "1.00", "claim.care.share_unknown"),
    ],
)
def test_v11_given_the_claims_first_month_then_its_euro_minimum_holds(
    facts: Make, year: int, fee: str, code: str | None
) -> None:
    """105 € from 2014, 107 € from 2016, 108 € from 2018; before them Kelmu knows no share and says so."""
    made = facts(**care(first=date(2010, 1, 1), income="600.00", fee=fee), first=date(year, 1, 1), last=None)
    assert refused(made) == code


def test_v11_given_a_fee_above_the_share_then_the_euro_minimum_is_told_and_not_the_income(facts: Make) -> None:
    refusal = order.first_refusal(facts(**care(income="613.13", fee="600")))
    assert refusal is not None
    assert "107,00" in refusal.reason.fi
    assert "613" not in refusal.model_dump_json()


@pytest.mark.parametrize(("others", "code"), [("637.49", None), ("637.50", "claim.care.nothing_left")])
def test_v11_given_what_others_pay_then_something_of_the_fee_is_left(
    facts: Make, others: str, code: str | None
) -> None:
    assert refused(facts(**care(others=others))) == code
