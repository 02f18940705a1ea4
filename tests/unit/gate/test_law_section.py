from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import Facts
from shared.gate.rules import law_section


@pytest.mark.parametrize("changes", [{}])
def test_given_law_section_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert law_section.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize("changes", [{"law": ""}, {"law": "  "}])
def test_given_law_section_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = law_section.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == law_section.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement"])
def test_given_law_section_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = law_section.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{law_section.NAME}.unknown"
