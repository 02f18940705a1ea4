from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from shared.gate.facts import Facts, Function
from shared.gate.rules import list_date

DAY = date(2016, 11, 15)
LIST: dict[str, Any] = {"function": Function.VIEW_LIST}


@pytest.mark.parametrize("changes", [{}, LIST | {"list_from": DAY}, LIST | {"list_from": date(2016, 1, 1)}])
def test_given_list_date_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert list_date.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [LIST | {"list_from": date(2016, 11, 16)}, LIST | {"list_from": date(2019, 6, 1)}])
def test_given_list_date_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = list_date.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == list_date.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("changes", [{"function": None}, {"day": None}, LIST])
def test_given_list_date_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = list_date.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{list_date.NAME}.unknown"


def test_given_a_list_of_a_later_day_then_the_day_is_told(passing: Facts) -> None:
    refused = list_date.refuse(replace(passing, list_from=date(2019, 6, 1)))

    assert refused is not None
    assert "1.6.2019" in refused.reason.fi
