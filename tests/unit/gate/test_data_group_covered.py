from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import DataGroup
from shared.gate.facts import Facts
from shared.gate.rules import data_group_covered


@pytest.mark.parametrize("changes", [{}, {"data_groups": (DataGroup.CLAIMS,)}])
def test_given_data_group_covered_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert data_group_covered.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"data_groups": ()}])
def test_given_data_group_covered_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = data_group_covered.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == data_group_covered.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "function", "claimed_roles", "mandates"])
def test_given_data_group_covered_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = data_group_covered.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{data_group_covered.NAME}.unknown"
