from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.base import Validity
from shared.gate.facts import Facts
from shared.gate.rules import mandate_of_worker


def test_given_a_mandate_for_the_member_today_then_it_passes(passing: Facts) -> None:
    assert mandate_of_worker.refuse(passing) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"member": "091"},
        {"organisation": "1234567-1"},
        {"validity": Validity(first=date(2016, 11, 16))},
        {"validity": Validity(first=date(2016, 1, 1), last=date(2016, 11, 14))},
    ],
)
def test_given_a_mandate_for_another_member_organisation_or_time_then_it_refuses(
    with_mandate: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert mandate_of_worker.refuse(with_mandate(changes)) == mandate_of_worker.REFUSAL


def test_given_no_mandate_at_all_then_it_refuses(passing: Facts) -> None:
    assert mandate_of_worker.refuse(replace(passing, mandates=())) == mandate_of_worker.REFUSAL


@pytest.mark.parametrize("fact", ["mandates", "organisation", "member", "day"])
def test_given_a_missing_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    assert mandate_of_worker.refuse(replace(passing, **changes)) == mandate_of_worker.UNKNOWN
