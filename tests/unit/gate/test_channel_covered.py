from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Channel
from shared.gate.facts import Facts, Function
from shared.gate.rules import channel_covered


@pytest.mark.parametrize("changes", [{}, {"channels": (Channel.INTERFACE, Channel.UI)}])
def test_given_channel_covered_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert channel_covered.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"channels": (Channel.INTERFACE,)}, {"channels": ()}])
def test_given_channel_covered_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = channel_covered.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == channel_covered.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "channel"])
def test_given_channel_covered_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = channel_covered.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{channel_covered.NAME}.unknown"


def test_given_records_are_kept_then_by_people_and_without_an_agreement(passing: Facts) -> None:
    keeping = replace(passing, function=Function.CHANGE_RECORDS, agreement=None)

    assert channel_covered.refuse(keeping) is None
    assert channel_covered.refuse(replace(keeping, channel=Channel.INTERFACE)) == channel_covered.BY_PEOPLE
