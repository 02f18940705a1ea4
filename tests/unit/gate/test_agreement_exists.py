from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import agreement_exists


@pytest.mark.parametrize("changes", [{}])
def test_given_agreement_exists_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert agreement_exists.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize("changes", [{"agreement": None}])
def test_given_agreement_exists_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = agreement_exists.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == agreement_exists.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement"])
def test_given_agreement_exists_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = agreement_exists.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == agreement_exists.NAME


def test_given_the_agreement_of_another_organisation_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts],
) -> None:
    assert agreement_exists.refuse(with_agreement({"party": "1234567-1"})) == agreement_exists.UNKNOWN
