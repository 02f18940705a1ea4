"""Who may look into the log: a person about themselves, Kela's auditor, and supervisors with their reports."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.contracts.base import Channel, Role
from shared.gate.facts import Facts, Function
from shared.gate.order import ASKING, decide
from tests.unit.gate.people import KELA, KUOPIO, account, mandate

REPORTS = (Function.GENERIC_REPORT, Function.SPECIFIC_REPORT)


def citizen(passing: Facts) -> Facts:
    """Somebody in nobody's name: no organisation, municipality, agreement, mandate, role."""
    return replace(
        passing,
        function=Function.CITIZEN_LOG,
        channel=Channel.CITIZEN,
        claimed_roles=frozenset(),
        organisation=None,
        member=None,
        agreement=None,
        mandates=(),
        purpose=None,
        informed=None,
        identity_code=None,
        client=None,
    )


def staff(passing: Facts, function: Function, role: Role, organisation: str) -> Facts:
    known = passing.organisation
    assert known is not None
    return replace(
        citizen(passing),
        function=function,
        channel=Channel.UI,
        claimed_roles=frozenset(Role),
        organisation=known.model_copy(update={"business_id": organisation}),
        mandates=(mandate(organisation=organisation, roles=(role,)),),
        user=account(organisation=organisation),
    )


def test_given_a_person_in_nobodys_name_then_their_own_log_is_open(passing: Facts) -> None:
    assert decide(citizen(passing), ASKING) is None


def test_given_a_locked_account_at_work_then_ones_own_log_stays_open(passing: Facts) -> None:
    assert decide(replace(citizen(passing), user=account(status="locked")), ASKING) is None


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"actor_verified": False}, "actor_verified"),
        ({"bound_to_person": False}, "bound_to_person"),
        ({"signed_in_for": timedelta(hours=9)}, "session_age"),
        ({"audit_age": timedelta(minutes=2)}, "audit_fresh"),
        ({"agreements_age": None}, "agreements_fresh"),
        ({"channel": Channel.UI}, "channel_covered"),
        ({"channel": None}, "channel_covered"),
    ],
)
def test_given_anything_less_than_strong_and_fresh_then_not(
    passing: Facts, change: dict[str, object], rule: str
) -> None:
    refused = decide(replace(citizen(passing), **change), ASKING)  # type: ignore[arg-type]  # one field a case
    assert refused is not None
    assert refused.rule == rule


@pytest.mark.parametrize("function", sorted(set(Function) - {Function.CITIZEN_LOG}))
def test_given_the_way_for_persons_about_themselves_then_nothing_else_is_open_by_it(
    passing: Facts, function: Function
) -> None:
    assert passing.agreement is not None
    open_to_all = passing.agreement.model_copy(update={"channels": tuple(Channel)})
    facts = replace(passing, function=function, channel=Channel.CITIZEN, agreement=open_to_all)
    refused = decide(facts, ASKING)
    assert refused is not None
    assert refused.code == "gate.channel_covered.about_oneself"


@pytest.mark.parametrize("role", list(Role))
def test_given_a_role_then_only_kelas_auditor_searches_the_log(passing: Facts, role: Role) -> None:
    at_kela = decide(staff(passing, Function.AUDIT_SEARCH, role, KELA), ASKING)
    assert (at_kela is None) == (role is Role.AUDITOR)
    assert decide(staff(passing, Function.AUDIT_SEARCH, role, KUOPIO), ASKING) is not None


@pytest.mark.parametrize("function", REPORTS)
@pytest.mark.parametrize("role", list(Role))
def test_given_a_role_then_only_supervisors_and_the_auditor_have_reports(
    passing: Facts, function: Function, role: Role
) -> None:
    assert (decide(staff(passing, function, role, KUOPIO), ASKING) is None) == (role is Role.LOG_SUPERVISOR)
    assert (decide(staff(passing, function, role, KELA), ASKING) is None) == (role is Role.AUDITOR)
