from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import security_statement


@pytest.mark.parametrize("changes", [{}])
def test_given_security_statement_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert security_statement.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"security_statement": False}])
def test_given_security_statement_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = security_statement.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == security_statement.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement"])
def test_given_security_statement_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = security_statement.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{security_statement.NAME}.unknown"
