from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.gate.facts import Facts, Limits
from shared.gate.rules import agreements_fresh


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"agreements_age": timedelta(seconds=60)},
        {"agreements_age": timedelta(seconds=61), "limits": Limits(agreements=timedelta(seconds=90))},
    ],
)
def test_given_agreements_fresh_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert agreements_fresh.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [{"agreements_age": timedelta(seconds=60, microseconds=1)}, {"agreements_age": timedelta(seconds=-6)}],
)
def test_given_agreements_fresh_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = agreements_fresh.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == agreements_fresh.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreements_age"])
def test_given_agreements_fresh_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = agreements_fresh.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == agreements_fresh.NAME
