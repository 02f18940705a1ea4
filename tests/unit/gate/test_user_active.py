from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Channel
from shared.gate.facts import Facts
from shared.gate.rules import user_active
from tests.unit.gate.people import account


@pytest.mark.parametrize(
    "changes", [{}, {"user": account()}, {"user": account(status="locked"), "channel": Channel.INTERFACE}]
)
def test_given_user_active_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert user_active.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes", [{"user": account(status="locked", why=why)} for why in ("idle", "left", "by_main_user")]
)
def test_given_user_active_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = user_active.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == user_active.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("changes", [{"organisation": None}, {"user": account(organisation="1234567-1")}])
def test_given_user_active_misses_its_fact_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = user_active.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{user_active.NAME}.unknown"


def test_given_an_idle_account_then_the_reason_says_so_and_the_advice_who_unlocks(passing: Facts) -> None:
    refused = user_active.refuse(replace(passing, user=account(status="locked", why="idle")))

    assert refused is not None
    assert refused.code == "gate.user_active.idle"
    assert "45" in refused.reason.en
    assert "main user" in refused.advice.en
