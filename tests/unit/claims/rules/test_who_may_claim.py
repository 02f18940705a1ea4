"""V18: who may claim at all, and of whom."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from services.claims.domain.facts import ClaimFacts
from services.claims.domain.rules import order
from shared.gate.facts import CodeForm

Make = Callable[..., ClaimFacts]


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"agreement": None}, "gate.agreement_exists"),
        ({"mandates": ()}, "gate.mandate_of_worker"),
        ({"claimed_roles": frozenset()}, "gate.role_covers_function"),
        ({"actor_verified": False}, "gate.actor_verified"),
        ({"audit_age": None}, "gate.audit_fresh"),
    ],
)
def test_v18_given_no_right_to_claim_then_the_gate_refuses(facts: Make, changes: dict[str, object], code: str) -> None:
    assert refused(facts(access=changes)) == code


def test_v18_given_an_agreement_without_claims_then_refused(facts: Make) -> None:
    agreement = facts().access.agreement
    assert agreement is not None
    changed = agreement.model_copy(update={"covers_claims": False})
    assert refused(facts(access={"agreement": changed})) == "gate.claims_covered"


@pytest.mark.parametrize("own", [True, None])
def test_v18_given_the_workers_own_code_then_refused(facts: Make, *, own: bool | None) -> None:
    assert refused(replace(facts(), own=own)) == "claim.own_code"


def test_v18_given_a_mistyped_code_then_that_is_told_and_not_whose_it_is(facts: Make) -> None:
    assert refused(replace(facts(access={"identity_code": CodeForm.INVALID}), own=None)) == "claim.identity_code"


def test_v18_comes_first_so_that_nobody_without_a_right_learns_what_is_wrong(facts: Make) -> None:
    assert refused(facts(benefit="", access={"mandates": ()})) == "gate.mandate_of_worker"
