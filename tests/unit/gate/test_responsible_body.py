from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.agreements import Bearer
from shared.contracts.base import Validity
from shared.gate.facts import Facts, Function
from shared.gate.rules import responsible_body


def bearer(organisation: str, first: date = date(2016, 1, 1), last: date | None = None) -> dict[str, Any]:
    return {"bearer": Bearer(organisation=organisation, form="own", validity=Validity(first=first, last=last))}


@pytest.mark.parametrize(
    "changes", [{}, bearer("0171450-7"), bearer("1234567-1") | {"function": Function.VIEW_RECORDS}]
)
def test_given_responsible_body_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert responsible_body.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [bearer("1234567-1")])
def test_given_responsible_body_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = responsible_body.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == responsible_body.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"organisation": None},
        {"day": None},
        bearer("0171450-7", last=date(2016, 11, 14)),
        bearer("0171450-7", date(2017, 1, 1)),
    ],
)
def test_given_responsible_body_cannot_believe_its_fact_then_it_refuses(
    passing: Facts, changes: dict[str, Any]
) -> None:
    refused = responsible_body.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{responsible_body.NAME}.unknown"


def test_given_another_body_then_the_refusal_does_not_say_which(passing: Facts) -> None:
    refused = responsible_body.refuse(replace(passing, **bearer("1234567-1")))

    assert refused is responsible_body.REFUSAL
