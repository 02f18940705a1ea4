from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import client_informed


@pytest.mark.parametrize(
    "changes",
    [{}, {"function": Function.CLAIM_STATUS, "informed": None}, {"function": Function.VIEW_LIST, "informed": None}],
)
def test_given_client_informed_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert client_informed.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"informed": False}])
def test_given_client_informed_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = client_informed.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == client_informed.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["informed", "function"])
def test_given_client_informed_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = client_informed.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == client_informed.NAME
