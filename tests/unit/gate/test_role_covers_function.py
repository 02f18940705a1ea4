from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Role
from shared.gate.facts import Facts, Function, Municipality
from shared.gate.rules import role_covers_function


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"function": Function.REGISTER_CLAIM},
        {"claimed_roles": frozenset({Role.FEE_CLERK, Role.MAIN_USER})},
    ],
)
def test_given_role_covers_function_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert role_covers_function.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"claimed_roles": frozenset({Role.VIEWER})},
        {"claimed_roles": frozenset()},
        {"mandates": ()},
        {"member": Municipality("091", exists=True)},
    ],
)
def test_given_role_covers_function_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = role_covers_function.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == role_covers_function.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["function", "claimed_roles", "mandates", "member", "organisation", "day"])
def test_given_role_covers_function_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = role_covers_function.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == role_covers_function.NAME
