from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.agreements import DelegationChanged, Member
from shared.contracts.base import Validity
from shared.gate.facts import Facts, Function
from shared.gate.rules import mandate_of_municipality
from tests.unit.gate.people import COMING, ENDED, JOINT, delegation

DAY = date(2016, 11, 15)


@pytest.mark.parametrize("changes", [{}])
def test_given_mandate_of_municipality_holds_then_it_passes(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    assert mandate_of_municipality.refuse(with_agreement(changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"members": ()},
        {"members": (Member(municipality="091", validity=Validity(first=date(2016, 1, 1))),)},
        {
            "members": (
                Member(
                    municipality="297",
                    validity=Validity(first=date(2016, 1, 1), last=DAY - timedelta(days=1)),
                ),
            )
        },
    ],
)
def test_given_mandate_of_municipality_fails_then_it_refuses(
    with_agreement: Callable[[dict[str, object]], Facts], changes: dict[str, object]
) -> None:
    refused = mandate_of_municipality.refuse(with_agreement(changes))

    assert refused is not None
    assert refused.rule == mandate_of_municipality.NAME
    assert not refused.code.endswith("unknown")


@pytest.mark.parametrize("fact", ["agreement", "member", "day"])
def test_given_mandate_of_municipality_misses_its_fact_then_it_refuses(passing: Facts, fact: str) -> None:
    changes: dict[str, Any] = {fact: None}

    refused = mandate_of_municipality.refuse(replace(passing, **changes))

    assert refused is not None
    assert refused.code == f"gate.{mandate_of_municipality.NAME}.unknown"


def joint(facts: Facts, *delegations: DelegationChanged) -> Facts:
    """The same request by a joint authority."""
    known = facts.organisation
    assert known is not None
    authority = known.model_copy(update={"business_id": JOINT, "municipality": None})
    return replace(facts, organisation=authority, delegations=delegations)


def test_given_a_joint_authority_or_host_then_the_municipality_must_have_delegated_it(passing: Facts) -> None:
    assert mandate_of_municipality.refuse(joint(passing, delegation())) is None
    assert mandate_of_municipality.refuse(replace(passing, delegations=())) is None


@pytest.mark.parametrize(
    "given",
    [
        (),
        (delegation(validity=ENDED),),
        (delegation(validity=COMING),),
        (delegation(agent="9999991-7"),),
        (delegation(principal="091"),),
    ],
)
def test_given_no_delegation_to_this_organisation_on_the_day_then_it_refuses(
    passing: Facts, given: tuple[DelegationChanged, ...]
) -> None:
    assert mandate_of_municipality.refuse(joint(passing, *given)) == mandate_of_municipality.DELEGATION


def test_given_records_are_kept_then_no_municipality_is_asked(passing: Facts) -> None:
    keeping = replace(passing, function=Function.CHANGE_RECORDS, member=None, agreement=None)

    assert mandate_of_municipality.refuse(keeping) is None
