"""Requests near ones that should pass, some of their values gone astray."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from shared.contracts.base import DataGroup, Purpose, Role
from shared.gate.facts import Function
from tests.property.gate.cases import ALWAYS, DANGER, DAY, JOINT, KELA, KUOPIO, Case
from tests.property.gate.oracle import FUNCTIONS, GROUPS

SPANS = st.sampled_from(
    [ALWAYS, (DAY, DAY), (date(2017, 1, 1), None), (date(2015, 1, 1), date(2016, 11, 14)), (DAY, None)]
)
ROLES = st.lists(st.sampled_from([role.value for role in Role]), max_size=3).map(tuple)
AT_KELA = {"agreement_officer", "claim_handler", "auditor"}
ORGANISATIONS = st.sampled_from([KUOPIO, JOINT, KELA])
CODES = st.sampled_from(["297", "174", "091"])
SECONDS = st.none() | st.sampled_from([-3600.0, -5.0, -5.1, 0.0, 60.0, 60.1, 28_800.0, 28_801.0])
BOOLEANS = st.none() | st.booleans()
GRANTS = st.lists(st.tuples(ORGANISATIONS, CODES, ROLES, SPANS), max_size=3).map(tuple)

WILD: dict[str, st.SearchStrategy[Any]] = {
    "function": st.none() | st.sampled_from([function.value for function in Function]),
    "channel": st.none() | st.sampled_from(["ui", "interface", "citizen"]),
    "day": st.none() | st.sampled_from([date(2016, 1, 1), date(2016, 11, 14), date(2016, 11, 16), date(2017, 1, 1)]),
    "verified": BOOLEANS,
    "bound": BOOLEANS,
    "signed_in": SECONDS,
    "audit": SECONDS,
    "heard": SECONDS,
    "organisation": st.none() | ORGANISATIONS,
    "member": st.none() | CODES,
    "exists": BOOLEANS,
    "party": st.none() | ORGANISATIONS,
    "agreement": SPANS,
    "status": st.sampled_from(["open", "suspended", "terminated"]),
    "suspensions": st.lists(SPANS, max_size=2).map(tuple),
    "law": st.sampled_from(["", " ", "L 1412/1997 23 §"]),
    "statement": st.booleans(),
    "channels": st.sampled_from([(), ("ui",), ("interface",), ("citizen",)]),
    "claims": st.booleans(),
    "purposes": st.lists(st.sampled_from([purpose.value for purpose in Purpose]), max_size=3).map(tuple),
    "groups": st.lists(st.sampled_from([group.value for group in DataGroup]), max_size=3).map(tuple),
    "members": st.lists(st.tuples(CODES, SPANS), max_size=3).map(tuple),
    "system": st.none() | st.tuples(ROLES, SPANS),
    "named": st.booleans(),
    "mandates": st.none() | GRANTS,
    "delegations": st.lists(st.tuples(CODES, ORGANISATIONS, SPANS), max_size=2).map(tuple),
    "bearer": st.none() | st.tuples(ORGANISATIONS, SPANS),
    "user": st.none()
    | st.tuples(
        ORGANISATIONS,
        st.sampled_from(["active", "locked"]),
        st.sampled_from(["opened", "idle", "left", "by_main_user"]),
    ),
    "roles": st.none() | ROLES,
    "purpose": st.none() | st.sampled_from([purpose.value for purpose in Purpose]),
    "informed": BOOLEANS,
    "code": st.none() | st.sampled_from(["valid", "artificial", "invalid"]),
    "artificial": st.booleans(),
    "emergency": st.tuples(
        st.sampled_from(["", "danger", "x" * 40, "a b c", DANGER]), st.sampled_from([0.0, 24.0, 24.01, -1.0])
    ),
    "reference": st.sampled_from(["", "  ", "\u200b", "-/-", "SOS/12/2016"]),
    "list_from": st.none() | st.sampled_from([date(2016, 11, 14), DAY, date(2017, 6, 1)]),
    "client": st.booleans(),
    "born": st.sampled_from([date(1998, 11, 15), date(1998, 11, 16), date(2017, 2, 1), date(2000, 2, 29)]),
    "died": st.sampled_from([date(2015, 11, 15), date(2015, 11, 14), date(2016, 11, 20), date(2016, 11, 1)]),
    "home": st.none() | CODES,
    "forbids": st.booleans(),
    "kinship": st.none() | st.sampled_from(["self", "sibling", "step_child", "anything"]),
    "own_claim": st.booleans(),
    "notice": st.booleans(),
    "protected": st.booleans(),
}


_URGENT = ("emergency_worker", "fee_clerk")
TOGETHER: tuple[dict[str, st.SearchStrategy[Any]], ...] = (
    {},
    {},
    {"born": WILD["born"], "forbids": st.just(value=True)},
    {"home": st.none(), "reference": WILD["reference"], "own_claim": st.booleans(), "notice": st.booleans()},
    {"protected": st.just(value=True), "reference": WILD["reference"]},
    {
        "function": st.just("view_person"),
        "emergency": WILD["emergency"] | st.just((DANGER, 1.0)),
        "roles": st.just(_URGENT),
        "mandates": st.just(tuple((one, code, _URGENT, ALWAYS) for one, code in ((KUOPIO, "297"), (JOINT, "174")))),
        "purpose": st.sampled_from(["CHARGE", "VERIFY"]),
        "home": st.none(),
    },
    {
        "function": st.sampled_from(["change_records", "view_records"]),
        "organisation": st.sampled_from([KUOPIO, KELA]),
        "roles": st.sampled_from([("main_user",), ("agreement_officer",)]),
        "mandates": st.just(tuple((one, "297", ("main_user", "agreement_officer"), ALWAYS) for one in (KUOPIO, KELA))),
    },
)
"""Values that matter only together: a minor who forbade, a stranger, an emergency, a role of elsewhere."""


def good_cases() -> list[Case]:
    """One request for each function, role and purpose of the tables, everything in order."""
    return [
        Case(
            function=function,
            organisation=KELA if role in AT_KELA else KUOPIO,
            roles=(role,),
            mandates=((KELA if role in AT_KELA else KUOPIO, "297", (role,), ALWAYS),),
            purpose=purpose,
            list_from=DAY if function == "view_list" else None,
        )
        for function, (names, purposes, _) in FUNCTIONS.items()
        for role in names
        for purpose in purposes or (None,)
        if purpose is None or (role, purpose) in GROUPS
    ]


def for_joint_authority(case: Case) -> Case:
    """The same request by a joint authority for a member that has delegated it."""
    return replace(
        case,
        organisation=JOINT,
        party=JOINT,
        member="174",
        home="174",
        mandates=((JOINT, "174", case.roles or (), ALWAYS),),
        delegations=(("174", JOINT, ALWAYS),),
    )


def over_interface(case: Case) -> Case:
    """The same request by the municipality's own system."""
    return replace(case, channel="interface", bound=False, mandates=None, system=(case.roles or (), ALWAYS))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A request near one that should pass, with up to three of its values gone astray."""
    case = draw(st.sampled_from(good_cases()))
    also = draw(st.sampled_from(((), ("emergency_worker",), ("protected_data_handler",))))
    granted = (*(case.roles or ()), *also)
    case = replace(case, roles=granted, mandates=((case.organisation or KUOPIO, "297", granted, ALWAYS),))
    if case.organisation != KELA and draw(st.booleans()):
        case = for_joint_authority(case)
    if draw(st.sampled_from((False, False, True))):
        case = over_interface(case)
    case = replace(case, **{name: draw(values) for name, values in draw(st.sampled_from(TOGETHER)).items()})
    astray = draw(st.sets(st.sampled_from(sorted(WILD)), max_size=3))
    return replace(case, **{name: draw(WILD[name]) for name in sorted(astray)})
