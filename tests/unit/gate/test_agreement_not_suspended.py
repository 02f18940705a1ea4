from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.base import Validity
from shared.gate.facts import Facts
from shared.gate.rules import agreement_not_suspended
from tests.unit.gate.people import COMING, ENDED

DAY = date(2016, 11, 15)


@pytest.mark.parametrize("changes", [{}, {"status": "terminated"}, {"suspensions": (ENDED, COMING)}])
def test_given_agreement_not_suspended_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert agreement_not_suspended.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"status": "suspended"}, {"suspensions": (ENDED, Validity(first=DAY, last=DAY))}])
def test_given_agreement_not_suspended_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = agreement_not_suspended.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == agreement_not_suspended.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "day"])
def test_given_agreement_not_suspended_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = agreement_not_suspended.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{agreement_not_suspended.NAME}.unknown"
