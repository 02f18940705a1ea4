from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import not_of_relative
from tests.unit.gate.people import client


@pytest.mark.parametrize("changes", [{}, client(kinship="self"), {"client": None, "function": Function.CLAIM_STATUS}])
def test_given_not_of_relative_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert not_of_relative.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes", [client(kinship="child"), client(kinship="aunt_or_uncle_in_law"), client(kinship="?")]
)
def test_given_not_of_relative_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = not_of_relative.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == not_of_relative.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [{"client": None}, {"client": None, "function": Function.HANDLE_NOTICES}, {"client": None, "function": None}],
)
def test_given_not_of_relative_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = not_of_relative.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{not_of_relative.NAME}.unknown"
