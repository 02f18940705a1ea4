from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.agreements import Member
from shared.contracts.base import Validity
from shared.gate.facts import Facts
from shared.gate.rules import mandate_of_municipality

DAY = date(2016, 11, 15)


@pytest.mark.parametrize("changes", [{}])
def test_given_mandate_of_municipality_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert mandate_of_municipality.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"members": ()},
        {"members": (Member(municipality="091", validity=Validity(first=date(2016, 1, 1))),)},
        {
            "members": (
                Member(
                    municipality="297",
                    validity=Validity(first=date(2016, 1, 1), last=DAY - timedelta(days=1)),
                ),
            )
        },
    ],
)
def test_given_mandate_of_municipality_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = mandate_of_municipality.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == mandate_of_municipality.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "member", "day"])
def test_given_mandate_of_municipality_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = mandate_of_municipality.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{mandate_of_municipality.NAME}.unknown"
