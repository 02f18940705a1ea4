"""When a mandate (valtuus) may be written: organisation to employee, for each member (domain 5.4)."""

from collections.abc import Callable
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence_fault
from services.agreements.domain.spans import describe, is_reversed, missing
from services.agreements.domain.state import State
from shared.contracts.agreements import MandateChanged
from shared.contracts.base import Role
from shared.gate.mandates import KELA

ROLES_AT_KELA: Final = frozenset({Role.AGREEMENT_OFFICER, Role.CLAIM_HANDLER})
"""Roles of Kela's own staff."""


def organisation_is_known(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The organisation that gives the mandate must be known."""
    if state.organisation(record.organisation) is not None:
        return None
    return refuse(
        record,
        "mandate.organisation",
        f"The organisation {record.organisation} is not known.",
        "Add the organisation first.",
    )


def validity_runs_forward(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The last day is not before the first."""
    del state
    if not is_reversed(record.validity):
        return None
    return refuse(record, "mandate.validity", "The mandate ends before it begins.", "Exchange or correct the dates.")


def stays_with_its_worker(state: State, record: MandateChanged) -> ChangeRefused | None:
    """Another person, organisation or member is another mandate: history must not change hands."""
    before = state.current(key_of(record))
    if not isinstance(before, MandateChanged):
        return None
    if (before.worker, before.organisation, before.member) == (
        record.worker,
        record.organisation,
        record.member,
    ):
        return None
    return refuse(
        record,
        "mandate.subject_changed",
        "A mandate cannot pass to another person, organisation or municipality.",
        "End this mandate and give a new one.",
    )


def has_a_role(state: State, record: MandateChanged) -> ChangeRefused | None:
    """A mandate says what the person may do; ending one is done by its last day, not by taking all roles."""
    del state
    if record.roles:
        return None
    return refuse(
        record,
        "mandate.roles",
        "The mandate names no role.",
        "Name a role, or end the mandate by its last day.",
    )


def member_existed(state: State, record: MandateChanged) -> ChangeRefused | None:
    """A mandate is for a municipality that exists on all of its days (174 and 442 end with 2016)."""
    del state
    return existence_fault(record, record.member, record.validity, "End the mandate in time and give one for")


def roles_belong_to_it(state: State, record: MandateChanged) -> ChangeRefused | None:
    """Kela's staff works for Kela, and Kela's mandates make nothing else: a main user cannot make an officer."""
    del state
    roles = set(record.roles)
    if roles <= ROLES_AT_KELA if record.organisation == KELA else not roles & ROLES_AT_KELA:
        return None
    return refuse(
        record,
        "mandate.role_of_kela",
        "Agreement officers and claim handlers are Kela's own, and Kela's mandates hold no other role.",
        "Correct the roles or the organisation.",
    )


def member_is_borne(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The organisation is the member municipality itself, or its agreements bear it throughout.

    Kela bears nobody; the member of its officer's mandate says nothing.
    """
    if record.organisation == KELA or state.organisation_of(record.member) == record.organisation:
        return None
    borne = (bearing.days for bearing in state.bearings(record.member) if bearing.party == record.organisation)
    gap = missing(record.validity, borne)
    if gap is None:
        return None
    return refuse(
        record,
        "mandate.member",
        f"No agreement of {record.organisation} bears municipality {record.member} {describe(gap)}.",
        "Limit the mandate to the days of the membership, or change the agreement first.",
    )


def member_has_delegated(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The middle of the chain: a municipality that another organisation acts for has let it (domain 5.4)."""
    if record.organisation == KELA or state.organisation_of(record.member) == record.organisation:
        return None
    given = (one.validity for one in state.delegations(record.member, record.organisation))
    gap = missing(record.validity, given)
    if gap is None:
        return None
    return refuse(
        record,
        "mandate.delegation",
        f"Municipality {record.member} has not delegated to {record.organisation} {describe(gap)}.",
        "Limit the mandate to the days of the delegation, or let the municipality delegate first.",
    )


MANDATE_RULES: Final[tuple[Callable[[State, MandateChanged], ChangeRefused | None], ...]] = (
    organisation_is_known,
    validity_runs_forward,
    stays_with_its_worker,
    has_a_role,
    roles_belong_to_it,
    member_existed,
    member_is_borne,
    member_has_delegated,
)
