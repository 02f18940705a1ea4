from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.base import Channel, Purpose, Role
from shared.gate.facts import Facts, Function
from shared.gate.rules import emergency_override
from tests.unit.gate.people import NOON, emergency, mandate, system

URGENT: dict[str, Any] = {
    "claimed_roles": frozenset({Role.EMERGENCY_WORKER}),
    "mandates": (mandate(roles=(Role.EMERGENCY_WORKER,)),),
    "purpose": Purpose.VERIFY,
    "time": NOON,
    "emergency": emergency(),
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        URGENT,
        URGENT | {"emergency": emergency(hours=24)},
        URGENT | {"emergency": emergency(hours=-4 / 3600)},
    ],
)
def test_given_emergency_override_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert emergency_override.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        URGENT | {"emergency": emergency("")},
        URGENT | {"emergency": emergency("danger!")},
        URGENT | {"emergency": emergency("x" * 100)},
        URGENT | {"emergency": emergency("a  b" + " " * 40)},
        URGENT | {"emergency": emergency(hours=24.1)},
        URGENT | {"emergency": emergency(hours=-1)},
        URGENT | {"claimed_roles": frozenset({Role.FEE_CLERK})},
        URGENT | {"mandates": (mandate(),)},
        URGENT | {"mandates": ()},
        URGENT | {"purpose": Purpose.CHARGE},
        URGENT | {"function": Function.VIEW_NOTICES},
    ],
)
def test_given_emergency_override_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = emergency_override.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == emergency_override.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"function": None},
        URGENT | {"time": None},
        URGENT | {"mandates": None},
        URGENT | {"claimed_roles": None},
        URGENT | {"member": None},
    ],
)
def test_given_emergency_override_cannot_believe_its_fact_then_it_refuses(
    passing: Facts, changes: dict[str, Any]
) -> None:
    refused = emergency_override.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{emergency_override.NAME}.unknown"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"emergency": emergency("")}, "reason"),
        ({"claimed_roles": frozenset[Role]()}, "role"),
        ({"time": NOON + timedelta(days=2)}, "time"),
    ],
)
def test_given_an_override_that_fails_then_the_worker_is_told_in_what(
    passing: Facts, changes: dict[str, Any], code: str
) -> None:
    refused = emergency_override.refuse(replace(passing, **URGENT | changes))

    assert refused is not None
    assert refused.code == f"gate.emergency_override.{code}"


def test_given_a_system_with_the_role_then_it_cannot_override_in_nobodys_name(
    with_agreement: Callable[[dict[str, object]], Facts],
) -> None:
    named = system(roles=(Role.EMERGENCY_WORKER,))
    facts = replace(with_agreement({"interface_clients": (named,)}), **URGENT)

    refused = emergency_override.refuse(replace(facts, channel=Channel.INTERFACE, system=named, mandates=None))

    assert refused == emergency_override.NOT_ENTITLED
