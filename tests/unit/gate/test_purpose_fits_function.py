from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Purpose
from shared.gate.facts import Facts, Function
from shared.gate.rules import purpose_fits_function


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"function": Function.VIEW_LIST, "purpose": Purpose.INVOICE_LIST},
        {"function": Function.HANDLE_NOTICES, "purpose": Purpose.ETOTU},
        {"function": Function.REGISTER_CLAIM, "purpose": None},
    ],
)
def test_given_purpose_fits_function_holds_then_it_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert purpose_fits_function.refuse(replace(passing, **changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"purpose": Purpose.TMT_LIST},
        {"purpose": Purpose.ETOTU},
        {"function": Function.VIEW_LIST, "purpose": Purpose.VERIFY},
        {"function": Function.VIEW_NOTICES, "purpose": Purpose.TMT_LIST},
    ],
)
def test_given_purpose_fits_function_fails_then_it_refuses(passing: Facts, changes: dict[str, Any]) -> None:
    refused = purpose_fits_function.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.rule == purpose_fits_function.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("changes", [{"function": None}, {"purpose": None}])
def test_given_purpose_fits_function_cannot_believe_its_fact_then_it_refuses(
    passing: Facts, changes: dict[str, Any]
) -> None:
    refused = purpose_fits_function.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{purpose_fits_function.NAME}.unknown"
