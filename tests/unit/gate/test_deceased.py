from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import deceased
from tests.unit.gate.people import client

DAY = date(2016, 11, 15)


@pytest.mark.parametrize(
    "changes", [{}, client(died=DAY), client(died=date(2015, 11, 15)), {"client": None, "function": Function.ANNOTATE}]
)
def test_given_deceased_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert deceased.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [client(died=date(2015, 11, 14)), client(died=date(2000, 2, 29))])
def test_given_deceased_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = deceased.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == deceased.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize(
    "changes",
    [
        {"client": None},
        client(died=date(2016, 11, 16)),
        client(died=date(1979, 12, 31)),
        client(died=DAY) | {"day": None},
    ],
)
def test_given_deceased_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = deceased.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{deceased.NAME}.unknown"


def test_given_a_death_on_the_29th_of_february_then_the_year_ends_with_the_month() -> None:
    assert deceased.anniversary(date(2016, 2, 29)) == date(2017, 2, 28)
