from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import bound_to_person


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
