from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import organisation_known


@pytest.mark.parametrize("changes", [{}])
def test_given_organisation_known_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert organisation_known.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"organisation": None}])
def test_given_organisation_known_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = organisation_known.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == organisation_known.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["organisation"])
def test_given_organisation_known_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = organisation_known.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == organisation_known.NAME
