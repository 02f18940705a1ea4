from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.contracts.base import Purpose
from shared.gate.facts import Facts, Function
from shared.gate.rules import minors_right
from tests.unit.gate.people import client

DAY = date(2016, 11, 15)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        client(minor_forbids=True),
        client(born=date(1998, 11, 15), minor_forbids=True),
        client(born=date(1998, 11, 16)),
        client(born=date(1998, 11, 16), minor_forbids=True) | {"purpose": Purpose.VERIFY},
        {"client": None, "function": Function.VIEW_LIST},
    ],
)
def test_given_minors_right_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert minors_right.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes", [client(born=date(1998, 11, 16), minor_forbids=True), client(born=DAY, minor_forbids=True)]
)
def test_given_minors_right_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = minors_right.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == minors_right.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("changes", [{"client": None}, {"day": None}, client(born=date(2016, 11, 16))])
def test_given_minors_right_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = minors_right.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{minors_right.NAME}.unknown"


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1998, 11, 15), DAY, 18),
        (date(1998, 11, 16), DAY, 17),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
    ],
)
def test_given_a_birth_and_a_day_then_full_years_are_counted(born: date, day: date, years: int) -> None:
    assert minors_right.age(born, day) == years
