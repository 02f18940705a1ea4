"""Who has mandated whom: the mandates, systems and roles that are in force for this request."""

from typing import Final

from shared.contracts.agreements import MandateChanged
from shared.contracts.base import Channel, Role
from shared.gate.facts import Facts
from shared.gate.functions import without_member

KELA: Final = "0246246-0"
"""Kela's own business id. Its officers are no party's workers: they hold mandates of Kela itself, an organisation
of the directory like any other. A mandate's member says nothing there; 091, Kela's seat, is assumed."""

_ROLES_AT_KELA: Final = frozenset({Role.AGREEMENT_OFFICER, Role.CLAIM_HANDLER, Role.AUDITOR})

_ROLES_OF_BOTH: Final = frozenset({Role.BILLING_CLERK})
"""Kela's billing and a municipality's clerk have the same role; of which house decides how much they see."""


def system_named(facts: Facts) -> bool:
    """Whether the municipality's own system that calls is one that the agreement names, on the day."""
    system, agreement, day = facts.system, facts.agreement, facts.day
    if facts.channel is not Channel.INTERFACE or system is None or agreement is None or day is None:
        return False
    return system in agreement.interface_clients and system.validity.covers(day)


def mandates_in_force(facts: Facts) -> tuple[MandateChanged, ...]:
    """The worker's mandates of this organisation for this member on the day; none if facts are missing.

    To keep records and to handle claims, those for any member count.
    """
    if facts.mandates is None or facts.organisation is None or facts.day is None:
        return ()
    organisation, day, any_member = facts.organisation.business_id, facts.day, without_member(facts)
    member = None if facts.member is None else facts.member.code
    return tuple(
        mandate
        for mandate in facts.mandates
        if mandate.organisation == organisation
        and (any_member or mandate.member == member)
        and mandate.validity.covers(day)
    )


def roles_known(facts: Facts) -> bool:
    """Whether it is known at all which roles the one who asks has."""
    if facts.claimed_roles is None or facts.organisation is None or facts.day is None:
        return False
    if facts.channel is Channel.INTERFACE:
        return system_named(facts)
    return facts.mandates is not None and (facts.member is not None or without_member(facts))


def roles_in_force(facts: Facts) -> frozenset[Role]:
    """Roles that the actor states and that are granted: by a valid mandate, or to the system by its agreement.

    Kela's roles count at Kela alone, and none but billing's besides counts there: a main user cannot make an officer.
    """
    if facts.organisation is None or not roles_known(facts):
        return frozenset()
    if facts.channel is Channel.INTERFACE:
        granted = frozenset(facts.system.roles) if facts.system else frozenset()
    else:
        granted = frozenset(role for mandate in mandates_in_force(facts) for role in mandate.roles)
    stated = granted & (facts.claimed_roles or frozenset())
    at_kela = facts.organisation.business_id == KELA
    return stated & (_ROLES_AT_KELA | _ROLES_OF_BOTH) if at_kela else stated - _ROLES_AT_KELA
