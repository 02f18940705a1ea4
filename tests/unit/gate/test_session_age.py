from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.gate.facts import Facts, Limits
from shared.gate.rules import session_age


@pytest.mark.parametrize(
    "changes", [{}, {"signed_in_for": timedelta(hours=8)}, {"signed_in_for": timedelta(seconds=-5)}]
)
def test_given_session_age_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert session_age.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"signed_in_for": timedelta(hours=8, microseconds=1)},
        {"signed_in_for": timedelta(seconds=-6)},
        {"limits": Limits(session=timedelta(minutes=1))},
    ],
)
def test_given_session_age_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = session_age.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == session_age.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["signed_in_for"])
def test_given_session_age_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = session_age.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == session_age.NAME
