from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Channel
from shared.gate.facts import Facts
from shared.gate.rules import bound_to_person
from tests.unit.gate.people import system


@pytest.mark.parametrize("changes", [{}])
def test_given_bound_to_person_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert bound_to_person.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"bound_to_person": False}])
def test_given_bound_to_person_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = bound_to_person.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == bound_to_person.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["bound_to_person"])
def test_given_bound_to_person_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = bound_to_person.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == bound_to_person.NAME


def test_given_a_system_over_the_interface_then_its_agreement_binds_it_and_not_a_person(
    with_agreement: Callable[[dict[str, object]], Facts],
) -> None:
    named = replace(
        with_agreement({"interface_clients": (system(),)}),
        channel=Channel.INTERFACE,
        bound_to_person=False,
        system=system(),
    )

    assert bound_to_person.refuse(named) is None
    for unnamed in (
        replace(named, system=None),
        replace(named, agreement=None),
        replace(named, system=system(id="his")),
    ):
        assert bound_to_person.refuse(unnamed) == bound_to_person.SYSTEM


def test_given_a_person_over_the_interface_without_a_system_then_it_refuses(passing: Facts) -> None:
    assert bound_to_person.refuse(replace(passing, channel=Channel.INTERFACE)) == bound_to_person.SYSTEM
