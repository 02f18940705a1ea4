from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Purpose, Role
from shared.gate.facts import Facts, Function
from shared.gate.rules import purpose_of_role


@pytest.mark.parametrize(
    "changes", [{}, {"purpose": Purpose.CLAIM}, {"function": Function.REGISTER_CLAIM, "purpose": None}]
)
def test_given_purpose_of_role_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert purpose_of_role.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": Purpose.ETOTU},
        {"purpose": Purpose.TMT_LIST},
        {"claimed_roles": frozenset({Role.MAIN_USER})},
    ],
)
def test_given_purpose_of_role_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = purpose_of_role.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == purpose_of_role.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["function", "purpose", "claimed_roles", "mandates"])
def test_given_purpose_of_role_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = purpose_of_role.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == purpose_of_role.NAME
