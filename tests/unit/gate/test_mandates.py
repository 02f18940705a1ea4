from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.base import Channel, DataGroup, Purpose, Role
from shared.gate.facts import Facts, Function
from shared.gate.mandates import mandates_in_force, roles_in_force, system_named
from shared.gate.order import ASKING, decide
from shared.gate.tables import sees_protected, visible_groups
from tests.unit.gate.people import COMING, ENDED, KELA, KUOPIO, mandate, system

EVERY_ROLE = frozenset(Role)


def keeping(facts: Facts, organisation: str, *roles: Role) -> Facts:
    """A request to change records, with nothing of a municipality or an agreement known."""
    known = facts.organisation
    assert known is not None
    return replace(
        facts,
        function=Function.CHANGE_RECORDS,
        organisation=known.model_copy(update={"business_id": organisation}),
        member=None,
        agreement=None,
        purpose=None,
        audit_age=None,
        client=None,
        claimed_roles=EVERY_ROLE,
        mandates=(mandate(organisation=organisation, member="091", roles=roles),),
    )


def calling(facts: Facts, **changes: Any) -> Facts:  # noqa: ANN401  # the fields of facts have many types
    """The passing request by a system that the agreement names."""
    agreement = facts.agreement
    assert agreement is not None
    named = agreement.model_copy(update={"interface_clients": (system(),), "channels": (Channel.UI, Channel.INTERFACE)})
    called = replace(
        facts, agreement=named, channel=Channel.INTERFACE, system=system(), bound_to_person=False, mandates=None
    )
    return replace(called, **changes)


def test_given_mandates_of_others_or_other_days_then_they_do_not_count(passing: Facts) -> None:
    others = (
        mandate(organisation="1234567-1"),
        mandate(member="091"),
        mandate(validity=ENDED),
        mandate(validity=COMING),
    )

    assert mandates_in_force(replace(passing, mandates=others)) == ()
    assert mandates_in_force(replace(passing, mandates=(*others, mandate()))) == (mandate(),)


def test_given_a_main_user_then_records_are_kept_without_a_municipality_or_an_agreement(passing: Facts) -> None:
    assert decide(keeping(passing, KUOPIO, Role.MAIN_USER)) is None


def test_given_kelas_officer_then_a_mandate_of_kela_is_enough(passing: Facts) -> None:
    assert decide(keeping(passing, KELA, Role.AGREEMENT_OFFICER)) is None


@pytest.mark.parametrize(
    ("organisation", "role"),
    [(KUOPIO, Role.AGREEMENT_OFFICER), (KELA, Role.MAIN_USER), (KUOPIO, Role.LOG_SUPERVISOR)],
)
def test_given_a_role_of_elsewhere_then_nobody_can_make_themselves_an_officer(
    passing: Facts, organisation: str, role: Role
) -> None:
    refused = decide(keeping(passing, organisation, role))

    assert refused is not None
    assert refused.rule == "role_covers_function"


def test_given_a_main_user_or_an_officer_then_no_clients_data_is_theirs(passing: Facts) -> None:
    for organisation, role in ((KUOPIO, Role.MAIN_USER), (KELA, Role.AGREEMENT_OFFICER)):
        facts = replace(
            passing, claimed_roles=EVERY_ROLE, mandates=(mandate(organisation=organisation, roles=(role,)),)
        )
        assert decide(facts, ASKING) is not None
        assert visible_groups(facts) == frozenset()


def test_given_a_named_system_then_its_own_roles_count_and_no_mandate_is_asked(passing: Facts) -> None:
    facts = calling(passing)

    assert decide(facts) is None
    assert roles_in_force(facts) == {Role.FEE_CLERK}
    assert DataGroup.PAYMENTS in visible_groups(facts)


@pytest.mark.parametrize(
    "changes",
    [
        {"system": None},
        {"system": system(id="other")},
        {"system": system(roles=tuple(Role))},
        {"day": None},
        {"agreement": None},
    ],
)
def test_given_a_system_that_the_agreement_does_not_name_then_it_has_no_rights(
    passing: Facts, changes: dict[str, Any]
) -> None:
    facts = calling(passing, **changes)

    assert not system_named(facts)
    assert roles_in_force(facts) == frozenset()
    refused = decide(facts)
    assert refused is not None
    assert refused.code == "gate.bound_to_person.system"


def test_given_a_labour_market_handler_then_lists_are_open_and_no_client_is_searched(passing: Facts) -> None:
    handler = replace(passing, claimed_roles=EVERY_ROLE, mandates=(mandate(roles=(Role.LABOUR_MARKET_HANDLER,)),))

    refused = decide(handler, ASKING)
    assert refused is not None
    assert refused.rule == "role_covers_function"
    listed = replace(handler, purpose=Purpose.TMT_LIST, function=Function.VIEW_LIST)
    assert visible_groups(listed) == {DataGroup.DECISIONS, DataGroup.PAYMENTS}


def test_given_a_protected_data_handler_then_the_role_opens_nothing_by_itself(passing: Facts) -> None:
    alone = replace(passing, claimed_roles=EVERY_ROLE, mandates=(mandate(roles=(Role.PROTECTED_DATA_HANDLER,)),))
    beside = replace(alone, mandates=(mandate(roles=(Role.PROTECTED_DATA_HANDLER, Role.FEE_CLERK)),))

    assert not sees_protected(alone)
    assert sees_protected(beside)
    assert not sees_protected(passing)
    assert not sees_protected(replace(beside, function=Function.VIEW_NOTICES))
    assert not sees_protected(replace(beside, function=None))
