from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Purpose
from shared.gate.facts import Facts
from shared.gate.rules import purpose_covered


@pytest.mark.parametrize("changes", [{}])
def test_given_purpose_covered_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert purpose_covered.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"purposes": (Purpose.VERIFY,)}, {"purposes": ()}])
def test_given_purpose_covered_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = purpose_covered.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == purpose_covered.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "function", "purpose"])
def test_given_purpose_covered_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = purpose_covered.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{purpose_covered.NAME}.unknown"
