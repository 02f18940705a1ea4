from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import not_own_code
from tests.unit.gate.people import client


@pytest.mark.parametrize("changes", [{}, client(kinship="sibling"), {"client": None, "function": Function.VIEW_LIST}])
def test_given_not_own_code_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert not_own_code.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [client(kinship="self"), client(known=False, kinship="self")])
def test_given_not_own_code_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = not_own_code.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == not_own_code.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [{"client": None}, {"client": None, "function": Function.HANDLE_NOTICES}, {"client": None, "function": None}],
)
def test_given_not_own_code_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = not_own_code.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{not_own_code.NAME}.unknown"
