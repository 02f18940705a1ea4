"""When a delegation (valtuutus) may be written: a municipality lets another organisation act for it (domain 5.4)."""

from collections.abc import Callable
from typing import Final

from services.agreements.domain.records import key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.rules.territory import existence_fault
from services.agreements.domain.spans import is_reversed
from services.agreements.domain.state import State
from shared.contracts.agreements import DelegationChanged


def agent_is_another_organisation(state: State, record: DelegationChanged) -> ChangeRefused | None:
    """The agent is known and is not the municipality itself, which needs nobody's leave to act for itself."""
    if state.organisation(record.agent) is None:
        return refuse(record, "delegation.agent", say="organisation.unknown", organisation=record.agent)
    if state.organisation_of(record.principal) != record.agent:
        return None
    return refuse(record, "delegation.itself")


def validity_runs_forward(state: State, record: DelegationChanged) -> ChangeRefused | None:
    """The last day is not before the first."""
    del state
    if not is_reversed(record.validity):
        return None
    return refuse(record, "delegation.validity")


def principal_existed(state: State, record: DelegationChanged) -> ChangeRefused | None:
    """The municipality exists on all days of the delegation."""
    del state
    return existence_fault(record, record.principal, record.validity, "delegation")


def stays_between_the_two(state: State, record: DelegationChanged) -> ChangeRefused | None:
    """Another municipality or agent is another delegation: history must not change hands."""
    before = state.current(key_of(record))
    if not isinstance(before, DelegationChanged):
        return None
    if (before.principal, before.agent) == (record.principal, record.agent):
        return None
    return refuse(record, "delegation.subject_changed")


DELEGATION_RULES: Final[tuple[Callable[[State, DelegationChanged], ChangeRefused | None], ...]] = (
    agent_is_another_organisation,
    validity_runs_forward,
    stays_between_the_two,
    principal_existed,
)
