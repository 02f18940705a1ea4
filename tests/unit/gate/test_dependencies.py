"""Each thing that the gate depends on, missing, stale, of the future and garbage: never data, always a reason."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.agreements import Bearer, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.gate.facts import Facts, Function, Municipality
from shared.gate.order import decide
from tests.harness.agreed import agreed
from tests.unit.gate.people import (
    COMING,
    ENDED,
    JOINT,
    NOON,
    SINCE_2016,
    account,
    client,
    delegation,
    emergency,
    mandate,
    system,
)

HOUR = timedelta(hours=1)


def agreement(**changes: object) -> dict[str, Any]:
    usual = agreed(
        id="A-297",
        party=JOINT,
        validity=SINCE_2016,
        purposes=tuple(Purpose),
        data_groups=(DataGroup.PAYMENTS,),
        channels=(Channel.UI, Channel.INTERFACE),
        members=(Member(municipality="297", validity=SINCE_2016),),
        interface_clients=(system(), system(id="old", validity=ENDED), system(id="coming", validity=COMING)),
    )
    return {"agreement": usual.model_copy(update=changes)}


def bearer(organisation: str = JOINT, validity: Validity = SINCE_2016) -> dict[str, Any]:
    return {"bearer": Bearer(organisation=organisation, form="joint_authority", validity=validity)}


AUTHORITY = OrganisationChanged(business_id=JOINT, version=1, kind="joint_authority", name_fi="K", name_sv="K")
ROLES = (Role.FEE_CLERK, Role.EMERGENCY_WORKER)
WHOLE: dict[str, Any] = (
    {
        "organisation": AUTHORITY,
        "mandates": (mandate(organisation=JOINT, roles=ROLES),),
        "delegations": (delegation(),),
        "user": account(organisation=JOINT),
        "claimed_roles": frozenset(ROLES),
        "purpose": Purpose.VERIFY,
        "time": NOON,
    }
    | agreement()
    | bearer()
)
URGENT: dict[str, Any] = client(known=False, municipality=None) | {"emergency": emergency()}
CALLING: dict[str, Any] = {"channel": Channel.INTERFACE, "bound_to_person": False, "mandates": None, "system": system()}
LISTED: dict[str, Any] = {
    "function": Function.VIEW_LIST,
    "purpose": Purpose.TMT_LIST,
    "claimed_roles": frozenset({Role.LABOUR_MARKET_HANDLER}),
    "mandates": (mandate(organisation=JOINT, roles=(Role.LABOUR_MARKET_HANDLER,)),),
    "list_from": date(2016, 11, 1),
}


MATRIX: dict[str, dict[str, dict[str, Any]]] = {
    "audit": {
        "missing": {"audit_age": None},
        "stale": {"audit_age": HOUR},
        "future": {"audit_age": -HOUR},
        "garbage": {"audit_age": timedelta.min},
    },
    "agreements service": {
        "missing": {"agreements_age": None},
        "stale": {"agreements_age": HOUR},
        "future": {"agreements_age": -HOUR},
        "garbage": {"agreements_age": timedelta.max},
    },
    "gateway": {
        "missing": {"actor_verified": None, "signed_in_for": None, "claimed_roles": None},
        "stale": {"signed_in_for": timedelta(days=1)},
        "future": {"signed_in_for": -HOUR},
        "garbage": {"actor_verified": False},
    },
    "organisation": {
        "missing": {"organisation": None},
        "stale": {"organisation": AUTHORITY} | agreement(members=(Member(municipality="297", validity=ENDED),)),
        "future": {"organisation": AUTHORITY} | agreement(members=(Member(municipality="297", validity=COMING),)),
        "garbage": {"organisation": AUTHORITY.model_copy(update={"business_id": "9999991-7"})},
    },
    "municipality": {
        "missing": {"member": None},
        "stale": {"member": Municipality("297", exists=False, successor_fi="Kuopio")},
        "future": {"member": Municipality("297", exists=False)},
        "garbage": {"member": Municipality("297", exists=None)},
    },
    "agreement": {
        "missing": {"agreement": None},
        "stale": agreement(validity=ENDED),
        "future": agreement(validity=COMING),
        "garbage": agreement(status="?"),
    },
    "suspension": {
        "missing": agreement(validity=ENDED, suspensions=()),
        "stale": agreement(status="suspended"),
        "future": agreement(suspensions=(Validity(first=date(2016, 11, 15)),)),
        "garbage": agreement(party="9999991-7"),
    },
    "mandate": {
        "missing": {"mandates": None},
        "stale": {"mandates": (mandate(organisation=JOINT, validity=ENDED),)},
        "future": {"mandates": (mandate(organisation=JOINT, validity=COMING),)},
        "garbage": {"mandates": (mandate(organisation="9999991-7"), mandate(organisation=JOINT, member="091"))},
    },
    "delegation": {
        "missing": {"delegations": ()},
        "stale": {"delegations": (delegation(validity=ENDED),)},
        "future": {"delegations": (delegation(validity=COMING),)},
        "garbage": {"delegations": (delegation(agent="9999991-7"), delegation(principal="091"))},
    },
    "responsible body": {
        "missing": {"bearer": None, "delegations": ()},
        "stale": bearer(validity=ENDED),
        "future": bearer(validity=COMING),
        "garbage": bearer("9999991-7"),
    },
    "account": {
        "missing": {"user": None, "mandates": ()},
        "stale": {"user": account(organisation=JOINT, status="locked", why="idle")},
        "future": {"user": account(organisation=JOINT, status="locked", why="left", since=date(2017, 1, 1))},
        "garbage": {"user": account(organisation="9999991-7")},
    },
    "system": {
        "missing": CALLING | {"system": None},
        "stale": CALLING | {"system": system(id="old", validity=ENDED)},
        "future": CALLING | {"system": system(id="coming", validity=COMING)},
        "garbage": CALLING | {"system": system(id="nobody")},
    },
    "list": {
        "missing": LISTED | {"list_from": None},
        "stale": LISTED | {"day": None},
        "future": LISTED | {"list_from": date(2017, 6, 1)},
        "garbage": LISTED | {"purpose": Purpose.ETOTU},
    },
    "emergency": {
        "missing": URGENT | {"emergency": None},
        "stale": URGENT | {"emergency": emergency(hours=25)},
        "future": URGENT | {"emergency": emergency(hours=-2)},
        "garbage": URGENT | {"emergency": emergency("\n\t  \n")},
    },
    "client": {
        "missing": {"client": None},
        "stale": client(died=date(2014, 1, 1)),
        "future": client(died=date(2017, 1, 1)),
        "garbage": client(born=date(2017, 1, 1)),
    },
    "kinship": {
        "missing": {"client": None},
        "stale": client(kinship="former_partner"),
        "future": client(kinship="child", born=date(2017, 1, 1)),
        "garbage": client(kinship="?"),
    },
    "clock": {
        "missing": {"day": None},
        "stale": {"day": date(2015, 12, 31)},
        "future": URGENT | {"time": NOON + timedelta(days=2)},
        "garbage": URGENT | {"time": None},
    },
}
CELLS = [(name, how, changes) for name, hows in MATRIX.items() for how, changes in hows.items()]


@pytest.mark.parametrize("changes", [{}, URGENT, CALLING, LISTED], ids=["look-up", "urgent", "calling", "listed"])
def test_given_every_dependency_in_order_then_the_request_passes(passing: Facts, changes: dict[str, Any]) -> None:
    assert decide(replace(passing, **WHOLE | changes)) is None


@pytest.mark.parametrize(("name", "how", "changes"), CELLS, ids=[f"{name}-{how}" for name, how, _ in CELLS])
def test_given_one_dependency_missing_stale_of_the_future_or_garbage_then_it_refuses_with_a_reason(
    passing: Facts, name: str, how: str, changes: dict[str, Any]
) -> None:
    refused = decide(replace(passing, **WHOLE | changes))

    assert refused is not None, (name, how)
    for text in (refused.reason, refused.advice):
        assert len({text.fi, text.sv, text.en}) == 3
    assert refused.law


def test_the_matrix_has_all_four_kinds_for_every_dependency() -> None:
    assert {frozenset(hows) for hows in MATRIX.values()} == {frozenset({"missing", "stale", "future", "garbage"})}
