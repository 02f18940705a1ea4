from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.base import Validity
from shared.gate.facts import Facts
from shared.gate.rules import agreement_valid

DAY = date(2016, 11, 15)


@pytest.mark.parametrize(
    "changes", [{}, {"validity": Validity(first=DAY, last=DAY)}, {"validity": Validity(first=DAY)}]
)
def test_given_agreement_valid_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert agreement_valid.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"validity": Validity(first=DAY + timedelta(days=1))},
        {"validity": Validity(first=date(2015, 1, 1), last=DAY - timedelta(days=1))},
    ],
)
def test_given_agreement_valid_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = agreement_valid.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == agreement_valid.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "day"])
def test_given_agreement_valid_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = agreement_valid.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{agreement_valid.NAME}.unknown"
