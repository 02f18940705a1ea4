from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.access import Relation
from shared.contracts.asking import StatedRelation
from shared.contracts.base import Purpose, Role
from shared.gate.facts import Facts
from shared.gate.relation import override_counts, relation_of
from tests.unit.gate.people import NOON, client, emergency, mandate

ELSEWHERE = client(municipality="091")
STATED: dict[str, Any] = {"relation": StatedRelation(case_reference="SOS/12/2016")}
URGENT: dict[str, Any] = {
    "claimed_roles": frozenset({Role.EMERGENCY_WORKER}),
    "mandates": (mandate(roles=(Role.EMERGENCY_WORKER,)),),
    "purpose": Purpose.VERIFY,
    "time": NOON,
    "emergency": emergency(),
}
HANDLER: dict[str, Any] = {
    "claimed_roles": frozenset({Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER}),
    "mandates": (mandate(roles=(Role.FEE_CLERK, Role.PROTECTED_DATA_HANDLER)),),
}
ONLY_PROTECTED: dict[str, Any] = {
    "claimed_roles": frozenset({Role.PROTECTED_DATA_HANDLER}),
    "mandates": (mandate(roles=(Role.PROTECTED_DATA_HANDLER,)),),
}


@pytest.mark.parametrize(
    ("changes", "relation"),
    [
        ({}, Relation.HOME),
        (client(own_claim=True, notice=True) | STATED | URGENT, Relation.HOME),
        (client(municipality="091", own_claim=True, notice=True) | STATED | URGENT, Relation.CLAIM),
        (client(municipality=None, notice=True) | STATED | URGENT, Relation.NOTICE),
        (ELSEWHERE | STATED | URGENT, Relation.STATED),
        (ELSEWHERE | URGENT, Relation.EMERGENCY),
        (ELSEWHERE | URGENT | {"relation": StatedRelation(case_reference=" ")}, Relation.EMERGENCY),
        (client(known=False, municipality=None) | URGENT, Relation.EMERGENCY),
        (client(protected=True) | STATED, Relation.STATED),
        (client(protected=True) | URGENT, Relation.EMERGENCY),
        (client(protected=True, own_claim=True), Relation.CLAIM),
        (client(protected=True) | STATED | HANDLER, Relation.HOME),
    ],
)
def test_given_several_relations_then_the_strongest_is_told(
    passing: Facts, changes: dict[str, Any], relation: Relation
) -> None:
    facts = replace(passing, **changes)

    assert relation_of(facts) is relation
    assert override_counts(facts) == (relation is Relation.EMERGENCY)


@pytest.mark.parametrize(
    "changes",
    [
        ELSEWHERE,
        {"client": None} | STATED | URGENT,
        ELSEWHERE | URGENT | {"emergency": emergency("danger")},
        ELSEWHERE | URGENT | {"emergency": emergency(hours=25)},
        ELSEWHERE | URGENT | {"claimed_roles": frozenset({Role.FEE_CLERK})},
        ELSEWHERE | URGENT | {"time": None},
        client(municipality=None) | {"member": None},
        client(protected=True),
        client(protected=True) | ONLY_PROTECTED,
        ELSEWHERE | {"relation": StatedRelation(case_reference="\u200b")},
        ELSEWHERE | {"relation": StatedRelation(case_reference="-/_")},
    ],
)
def test_given_nothing_that_holds_then_there_is_no_relation(passing: Facts, changes: dict[str, Any]) -> None:
    facts = replace(passing, **changes)

    assert relation_of(facts) is None
    assert not override_counts(facts)


@pytest.mark.parametrize("stated", [{}, STATED, URGENT])
def test_given_a_protected_client_then_nothing_tells_whether_they_live_here(
    passing: Facts, stated: dict[str, Any]
) -> None:
    here = replace(passing, **(client(protected=True) | stated))
    elsewhere = replace(passing, **(client(protected=True, municipality="091") | stated))

    assert relation_of(here) is relation_of(elsewhere)
