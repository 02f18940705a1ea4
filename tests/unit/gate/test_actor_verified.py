from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import actor_verified


@pytest.mark.parametrize("changes", [{}])
def test_given_actor_verified_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert actor_verified.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"actor_verified": False}])
def test_given_actor_verified_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = actor_verified.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == actor_verified.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["actor_verified"])
def test_given_actor_verified_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = actor_verified.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == actor_verified.NAME
