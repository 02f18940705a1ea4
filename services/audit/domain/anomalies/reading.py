"""What an entry's leaf tells the rules. What is not as it should be tells them nothing: it is logged all the same."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import orjson
from pydantic import Field, ValidationError

from services.audit.domain.anomalies.seen import Look
from shared.clock.civil import helsinki
from shared.contracts.access import AccessDecided, Action, Outcome, Relation
from shared.contracts.agreements import MandateChanged
from shared.contracts.base import BusinessId, Contract, Instant, MunicipalityCode, Pseudonym, Purpose, Role
from shared.contracts.claims import ClaimChanged, ClaimRegistered, PaymentAllocated

READ: Final = (
    AccessDecided.ce_type,
    ClaimRegistered.ce_type,
    ClaimChanged.ce_type,
    PaymentAllocated.ce_type,
    MandateChanged.ce_type,
)
"""Types of entries that the rules look at."""
_LOOKS: Final = frozenset({Action.LOOK_UP, Action.LIST, Action.NOTICE})
_SEEN: Final = frozenset({Outcome.GRANTED, Outcome.EMPTY})


@dataclass(frozen=True, slots=True)
class Acted:
    """Organisations did something about a person."""

    seq: int
    time: datetime
    organisations: tuple[BusinessId, ...]
    person: Pseudonym

    @property
    def day(self) -> date:
        """The Finnish day."""
        return helsinki(self.time).date()


@dataclass(frozen=True, slots=True)
class Duty:
    """A mandate with the emergency role, or a later version that has it no more."""

    id: str
    version: int
    organisation: BusinessId
    worker: Pseudonym
    emergency: bool
    first: date
    last: date | None

    def covers(self, day: date) -> bool:
        """Whether the worker is on emergency duty by it."""
        return self.emergency and self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it is stored: the leaf, and the client's pseudonym if it is about one."""

    seq: int
    type: str
    time: datetime
    leaf: bytes
    person: Pseudonym | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A look-up, and whether the worker stated a case reference for it: that is in the personal part alone."""

    look: Look
    case: bool


class _Access(Contract):
    time: Instant
    outcome: Outcome
    purpose: Purpose | None = None
    organisation: BusinessId
    member: MunicipalityCode | None = None
    worker: Pseudonym
    action: Action
    relation: Relation | None = None
    emergency: bool = False


class _Claim(Contract):
    client: Pseudonym
    organisation: BusinessId | None = None
    organisations: tuple[BusinessId, ...] = Field(default=())


def read(entry: Stored) -> Stated | Acted | Duty | None:
    """What an entry tells; None when it tells the rules nothing."""
    if entry.type not in READ:
        return None
    try:
        body = orjson.loads(entry.leaf)["body"]
        if entry.type == AccessDecided.ce_type:
            return _access(entry, _Access.model_validate(body))
        if entry.type == MandateChanged.ce_type:
            return _duty(MandateChanged.model_validate(body))
        claim = _Claim.model_validate(body)
    except (ValidationError, KeyError, TypeError, ValueError, OverflowError):
        return None
    named = claim.organisations if claim.organisation is None else (claim.organisation,)
    return Acted(entry.seq, entry.time, named, claim.client) if named else None


def _access(entry: Stored, body: _Access) -> Stated | Acted | None:
    if body.action is Action.NOTICE_CHANGE and body.outcome is Outcome.GRANTED and entry.person is not None:
        return Acted(entry.seq, body.time, (body.organisation,), entry.person)
    if body.action not in _LOOKS:
        return None
    seen = body.outcome in _SEEN
    look = Look(
        seq=entry.seq,
        time=body.time,
        local=helsinki(body.time),
        organisation=body.organisation,
        member=body.member,
        worker=body.worker,
        person=entry.person,
        seen=seen,
        emergency=body.emergency or body.relation is Relation.EMERGENCY,
        claim=seen and body.purpose is Purpose.CLAIM and body.relation is not Relation.CLAIM,
    )
    return Stated(look, body.relation is Relation.STATED)


def _duty(body: MandateChanged) -> Duty:
    return Duty(
        id=body.id,
        version=body.version,
        organisation=body.organisation,
        worker=body.worker,
        emergency=Role.EMERGENCY_WORKER in body.roles,
        first=body.validity.first,
        last=body.validity.last,
    )
