from dataclasses import replace
from typing import Any

import pytest

from shared.gate.facts import CodeForm, Facts, Function, Limits
from shared.gate.rules import identity_code_valid


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"function": Function.CLAIM_STATUS, "identity_code": None},
        {"identity_code": CodeForm.ARTIFICIAL, "limits": Limits(artificial_codes=True)},
    ],
)
def test_given_identity_code_valid_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert identity_code_valid.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"identity_code": CodeForm.INVALID},
        {"identity_code": CodeForm.ARTIFICIAL},
        {"identity_code": CodeForm.INVALID, "limits": Limits(artificial_codes=True)},
    ],
)
def test_given_identity_code_valid_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = identity_code_valid.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == identity_code_valid.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["identity_code", "function"])
def test_given_identity_code_valid_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = identity_code_valid.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == identity_code_valid.NAME
