from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import claims_covered


@pytest.mark.parametrize("changes", [{}, {"covers_claims": False}])
def test_given_claims_covered_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert claims_covered.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"covers_claims": False}])
def test_given_claims_covered_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = claims_covered.refuse(replace(with_agreement(changes), function=Function.REGISTER_CLAIM))

    assert refused is not None
    assert refused.rule == claims_covered.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "function"])
def test_given_claims_covered_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = claims_covered.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{claims_covered.NAME}.unknown"
