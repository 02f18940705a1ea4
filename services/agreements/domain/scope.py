"""What a main user may change and see, and what Kela's officer may: the gate has let either of them ask."""

from dataclasses import dataclass

from services.agreements.domain.records import Record, key_of
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.state import State
from shared.contracts.agreements import (
    AgreementChanged,
    AgreementPath,
    DelegationChanged,
    MandateChanged,
    OrganisationChanged,
    PopulationStated,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.base import Pseudonym

_OWN_STEPS = frozenset({"requested", "statement_given", "withdrawn"})
"""Steps of a path that the organisation takes itself; Kela accepts, and opens what was signed."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who asks.

    Attributes:
        officer: Kela's agreement officer, who may change and see everything; else the organisation's main user.
        worker: Pseudonym.
        organisation: Business id of the asker's organisation.
        municipality: The municipality that the organisation is, if it is one.
    """

    officer: bool
    worker: Pseudonym
    organisation: str
    municipality: str | None


def beyond(scope: Scope, state: State, record: Record) -> ChangeRefused | None:
    """Refuse a change that is not the asker's to make.

    A main user keeps the mandates, accounts, delegations and contacts of the own organisation and takes its own steps
    of a path; Kela's officer may change everything. Neither gives rights to oneself.
    """
    if isinstance(record, MandateChanged | UserChanged) and record.worker == scope.worker:
        return refuse(record, "scope.oneself")
    if scope.officer:
        return None
    if _is_own_to_change(scope, state, record):
        return None
    return refuse(record, "scope.main_user")


def sees(scope: Scope, record: Record) -> bool:  # noqa: PLR0911 - one line a kind of record
    """Whether the asker may see the record: an officer every one, a main user those of the own organisation."""
    if scope.officer:
        return True
    match record:
        case OrganisationChanged():
            return record.business_id == scope.organisation
        case AgreementChanged() | AgreementPath():
            return record.party == scope.organisation
        case MandateChanged() | UserChanged():
            return record.organisation == scope.organisation
        case DelegationChanged():
            return record.agent == scope.organisation or record.principal == scope.municipality
        case ResponsibilityChanged():
            return record.municipality == scope.municipality or any(
                bearer.organisation == scope.organisation for bearer in record.bearers
            )
        case PopulationStated():
            return record.municipality == scope.municipality


def _is_own_to_change(scope: Scope, state: State, record: Record) -> bool:
    match record:
        case MandateChanged():
            return record.organisation == scope.organisation
        case UserChanged():
            return record.organisation == scope.organisation and record.why != "idle"
        case DelegationChanged():
            return scope.municipality is not None and record.principal == scope.municipality
        case AgreementPath():
            return record.party == scope.organisation and record.step in _OWN_STEPS
        case AgreementChanged():
            return record.party == scope.organisation and _changes_contacts_only(state, record)
        case _:
            return False


def _changes_contacts_only(state: State, record: AgreementChanged) -> bool:
    before = state.current(key_of(record))
    if not isinstance(before, AgreementChanged):
        return False
    return before.model_copy(update={"version": record.version, "contacts": record.contacts}) == record
