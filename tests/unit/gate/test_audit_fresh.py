from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.gate.facts import Facts, Function, Limits
from shared.gate.rules import audit_fresh


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"audit_age": timedelta(seconds=60)},
        {"audit_age": timedelta(seconds=61), "limits": Limits(audit=timedelta(seconds=90))},
        {"audit_age": None, "function": Function.CHANGE_RECORDS},
    ],
)
def test_given_audit_fresh_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert audit_fresh.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"audit_age": timedelta(seconds=60, microseconds=1)},
        {"audit_age": timedelta(seconds=-6)},
        {"audit_age": None, "function": Function.HANDLE_CLAIMS},
    ],
)
def test_given_audit_fresh_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = audit_fresh.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == audit_fresh.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["audit_age"])
def test_given_audit_fresh_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = audit_fresh.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == audit_fresh.NAME
