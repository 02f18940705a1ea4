from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import purpose_chosen


@pytest.mark.parametrize("changes", [{}, {"function": Function.REGISTER_CLAIM, "purpose": None}])
def test_given_purpose_chosen_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert purpose_chosen.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"purpose": None}])
def test_given_purpose_chosen_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = purpose_chosen.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == purpose_chosen.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["purpose", "function"])
def test_given_purpose_chosen_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = purpose_chosen.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == purpose_chosen.NAME
