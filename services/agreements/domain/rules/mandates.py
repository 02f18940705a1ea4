"""When a mandate (valtuus) may be written: organisation to employee, for each member (domain 5.4)."""

from collections.abc import Callable
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence_fault
from services.agreements.domain.spans import is_reversed, missing
from services.agreements.domain.state import State
from shared.contracts.agreements import MandateChanged
from shared.contracts.base import Role
from shared.gate.mandates import KELA

ROLES_AT_KELA: Final = frozenset({Role.AGREEMENT_OFFICER, Role.CLAIM_HANDLER, Role.AUDITOR})
"""Roles of Kela's own staff."""


def organisation_is_known(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The organisation that gives the mandate must be known."""
    if state.organisation(record.organisation) is not None:
        return None
    return refuse(record, "mandate.organisation", say="organisation.unknown", organisation=record.organisation)


def validity_runs_forward(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The last day is not before the first."""
    del state
    if not is_reversed(record.validity):
        return None
    return refuse(record, "mandate.validity")


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
    return refuse(record, "mandate.subject_changed")


def has_a_role(state: State, record: MandateChanged) -> ChangeRefused | None:
    """A mandate says what the person may do; ending one is done by its last day, not by taking all roles."""
    del state
    if record.roles:
        return None
    return refuse(record, "mandate.roles")


def member_existed(state: State, record: MandateChanged) -> ChangeRefused | None:
    """A mandate is for a municipality that exists on all of its days (174 and 442 end with 2016)."""
    del state
    return existence_fault(record, record.member, record.validity, "mandate")


def roles_belong_to_it(state: State, record: MandateChanged) -> ChangeRefused | None:
    """Kela's staff works for Kela, and Kela's mandates make nothing else: a main user cannot make an officer."""
    del state
    roles = set(record.roles)
    if roles <= ROLES_AT_KELA if record.organisation == KELA else not roles & ROLES_AT_KELA:
        return None
    return refuse(record, "mandate.role_of_kela")


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
    return refuse(record, "mandate.member", organisation=record.organisation, code=record.member, days=gap)


def member_has_delegated(state: State, record: MandateChanged) -> ChangeRefused | None:
    """The middle of the chain: a municipality that another organisation acts for has let it (domain 5.4)."""
    if record.organisation == KELA or state.organisation_of(record.member) == record.organisation:
        return None
    given = (one.validity for one in state.delegations(record.member, record.organisation))
    gap = missing(record.validity, given)
    if gap is None:
        return None
    return refuse(record, "mandate.delegation", organisation=record.organisation, code=record.member, days=gap)


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
