"""V7, V8, V14 (origin): what a ToTuL 23 claim rests on."""

from collections.abc import Callable
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import order
from shared.contracts.asking import MonthAdvance
from tests.unit.claims.conftest import CARE, advances

Make = Callable[..., ClaimFacts]


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


def test_v7_given_a_reversed_period_then_refused(facts: Make) -> None:
    assert refused(facts(first=date(2016, 12, 2), last=date(2016, 12, 1))) == "claim.period.reversed"


def test_v7_given_one_day_then_it_passes(facts: Make) -> None:
    assert refused(facts(first=date(2016, 12, 1), last=date(2016, 12, 1))) is None


@pytest.mark.parametrize(("changes", "code"), [({}, "claim.period.open"), (CARE, None)])
def test_v7_given_an_open_end_then_only_totul_23_is_refused(
    facts: Make, changes: dict[str, object], code: str | None
) -> None:
    """Golden R5."""
    assert refused(facts(**changes, last=None)) == code


@pytest.mark.parametrize(
    ("first", "last", "months", "code"),
    [
        (date(2016, 10, 1), date(2016, 12, 31), ("2016-10", "2016-11", "2016-12"), None),
        (date(2016, 10, 31), date(2016, 12, 1), ("2016-12", "2016-11", "2016-10"), None),
        (date(2016, 10, 1), date(2016, 12, 31), ("2016-10", "2016-12"), "claim.period.outside_advance"),
        (date(2016, 10, 1), date(2016, 12, 31), ("2016-09", "2016-10", "2016-11"), "claim.period.outside_advance"),
        (date(2016, 10, 31), date(2016, 11, 1), ("2016-11",), "claim.period.outside_advance"),
        (date(2016, 12, 1), date(9999, 12, 31), ("2016-12",), "claim.period.outside_advance"),
        (date(2016, 12, 1), date(2016, 12, 31), ("2016-12", "2017-01"), "claim.advances.outside_period"),
        (date(2016, 12, 1), date(2016, 12, 31), ("2015-12", "2016-12"), "claim.advances.outside_period"),
    ],
)
def test_v7_given_months_with_advances_then_the_period_is_exactly_in_them(
    facts: Make, first: date, last: date, months: tuple[str, ...], code: str | None
) -> None:
    assert refused(facts(first=first, last=last, advances=advances(*months))) == code


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "not_positive"),
        ("-1", "not_positive"),
        ("0,00", "not_positive"),
        ("1,234", "invalid"),
        ("", "invalid"),
        ("ten", "invalid"),
        ("all", "invalid"),
    ],
)
def test_v8_given_an_advance_that_is_no_positive_sum_then_refused(facts: Make, amount: str, code: str) -> None:
    stated = (MonthAdvance(month="2016-12", amount=amount),)
    assert refused(facts(advances=stated)) == f"claim.advances.{code}"


def test_v8_given_no_advances_then_refused(facts: Make) -> None:
    assert refused(facts(advances=())) == "claim.advances.missing"


@pytest.mark.parametrize("months", [("2016-12", "2016-12"), ("0000-12",)])
def test_v8_given_a_month_twice_or_one_that_never_was_then_refused(facts: Make, months: tuple[str, ...]) -> None:
    assert refused(facts(advances=advances(*months))) == "claim.advances.month"


@pytest.mark.parametrize("changes", [CARE])
def test_v8_given_care_then_advances_are_not_asked(facts: Make, changes: dict[str, object]) -> None:
    assert refused(facts(**changes, advances=(), decided=None)) is None


@pytest.mark.parametrize(
    ("decided", "code"),
    [
        (None, "claim.decided.missing"),
        (date(2016, 11, 15), "claim.decided.implausible"),
        (date(1992, 12, 31), "claim.decided.implausible"),
        (date(2016, 11, 14), None),
        (date(1993, 1, 1), None),
    ],
)
def test_v14_given_the_day_of_the_decision_then_it_is_there_and_not_ahead(
    facts: Make, decided: date | None, code: str | None
) -> None:
    assert refused(facts(decided=decided)) == code
