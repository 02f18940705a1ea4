"""V9: which assistance a municipality's claim may rest on once Kela gives basic assistance."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import v09_assistance
from shared.gate.facts import Municipality
from tests.unit.claims.conftest import CARE

Make = Callable[..., ClaimFacts]
IN_2016, IN_2017 = date(2016, 11, 10), date(2017, 3, 31)


def refused(facts: ClaimFacts) -> str | None:
    """The code of V9's refusal."""
    refusal = v09_assistance.refuse(facts)
    return None if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("last", "decided", "kind", "code"),
    [
        (date(2016, 12, 31), IN_2016, None, None),
        (date(2016, 12, 31), IN_2016, "basic", None),
        (date(2017, 1, 1), IN_2016, None, "claim.assistance.missing"),
        (date(2016, 12, 31), date(2017, 1, 1), None, "claim.assistance.missing"),
        (date(2017, 3, 31), IN_2017, "basic", None),
        (date(2017, 4, 1), IN_2016, "basic", "claim.assistance.basic"),
        (date(2017, 3, 31), date(2017, 4, 1), "basic", "claim.assistance.basic"),
        (date(2016, 12, 31), date(2017, 4, 1), "basic", "claim.assistance.basic"),
        (date(2017, 4, 1), date(2017, 4, 1), "supplementary", None),
        (date(2017, 4, 1), IN_2017, "preventive", None),
    ],
)
def test_v9_given_a_period_or_a_decision_of_2017_then_the_assistance_must_be_the_municipality_s(
    facts: Make, last: date, decided: date, kind: str | None, code: str | None
) -> None:
    made = facts(arrived=date(2017, 5, 1), last=last, decided=decided, assistance=kind)
    assert refused(made) == code


def test_v9_given_care_then_the_type_of_assistance_is_not_asked(facts: Make) -> None:
    assert refused(facts(**CARE, last=date(2017, 6, 30), assistance=None)) is None


@pytest.mark.parametrize("kind", ["basic", None])
def test_v9_given_aland_then_the_municipality_keeps_all_assistance(facts: Make, kind: str | None) -> None:
    made = facts(last=date(2017, 6, 30), assistance=kind, access={"member": Municipality("478", exists=True)})
    assert refused(made) is None


@pytest.mark.parametrize("member", [None, Municipality("999", exists=None), Municipality("174", exists=False)])
def test_v9_given_a_municipality_that_is_unknown_or_gone_then_it_keeps_nothing(
    facts: Make, member: Municipality | None
) -> None:
    made = facts(last=date(2017, 6, 30), assistance="basic")
    assert refused(replace(made, access=replace(made.access, member=member))) == "claim.assistance.basic"
