from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.asking import StatedRelation
from shared.gate.facts import Facts, Function
from shared.gate.rules import client_relation
from tests.unit.gate.people import client

STRANGER: dict[str, Any] = client(known=False, municipality=None)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        client(municipality="091", own_claim=True),
        client(municipality=None, notice=True),
        STRANGER | {"relation": StatedRelation(case_reference="SOS/12/2016")},
        {"client": None, "function": Function.VIEW_LIST},
    ],
)
def test_given_client_relation_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert client_relation.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        client(municipality="091"),
        STRANGER,
        STRANGER | {"relation": StatedRelation(case_reference="  ")},
        {"member": None},
    ],
)
def test_given_client_relation_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = client_relation.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == client_relation.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [{"client": None}, {"client": None, "function": Function.HANDLE_NOTICES}, {"client": None, "function": None}],
)
def test_given_client_relation_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = client_relation.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{client_relation.NAME}.unknown"


def test_given_somebody_unknown_then_the_refusal_is_that_of_anybody_else(passing: Facts) -> None:
    elsewhere = client_relation.refuse(replace(passing, **client(municipality="091")))

    assert elsewhere == client_relation.refuse(replace(passing, **STRANGER))
