"""V17: one claim for one client, benefit, ground, body and time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from services.claims.domain.facts import ClaimFacts, ExistingClaim
from services.claims.domain.rules import order
from shared.contracts.claims import Ground
from tests.unit.claims.conftest import CARE

Make = Callable[..., ClaimFacts]


def refused(facts: ClaimFacts) -> str | None:
    """The code of the first refusal."""
    refusal = order.first_refusal(facts)
    return None if refusal is None else refusal.code


def known(**changes: object) -> ExistingClaim:
    usual: dict[str, object] = {
        "number": "MV-2016-000001",
        "organisation": "0171450-7",
        "member": "297",
        "benefit": "kansanelake",
        "ground": Ground.TOTUL_23,
        "first": date(2016, 12, 31),
        "last": date(2017, 1, 31),
    }
    return ExistingClaim(**{**usual, **changes})  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("changes", "duplicate"),
    [
        ({}, True),
        ({"last": None}, True),
        ({"first": date(2017, 1, 1)}, False),
        ({"first": date(2016, 11, 1), "last": date(2016, 11, 30)}, False),
        ({"first": date(2016, 11, 1), "last": date(2016, 12, 1)}, True),
        ({"benefit": "takuuelake"}, False),
        ({"ground": Ground.AML_14}, False),
        ({"organisation": "0246246-0"}, False),
        ({"member": "174"}, False),
    ],
)
def test_v17_given_a_known_claim_then_only_an_overlap_of_the_same_right_is_refused(
    facts: Make, changes: dict[str, object], *, duplicate: bool
) -> None:
    refusal = order.first_refusal(replace(facts(), existing=(known(**changes),)))
    if duplicate:
        assert refusal is not None
        assert refusal.rule == "V17"
        assert "MV-2016-000001" in refusal.reason.fi
    else:
        assert refusal is None


def test_v17_given_open_care_then_a_later_period_overlaps(facts: Make) -> None:
    care = known(ground=Ground.AML_14, first=date(2016, 1, 1), last=None)
    assert refused(replace(facts(**CARE, last=None), existing=(care,))) == "claim.duplicate"
