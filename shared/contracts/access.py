"""Access events: who looked at whom, when, why, and what came of it (`access.events`).

Every attempt is an event, the refused, empty, aborted and failed ones too (invariant 1). The clear part holds
nothing that identifies the client; the personal part is sealed for the audit log alone, and the clear part carries
a commitment to it: SHA-256 over the exact bytes of the sealed plaintext, which begin with a secret salt.
"""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import (
    BusinessId,
    Channel,
    Contract,
    DataGroup,
    Instant,
    MunicipalityCode,
    Pseudonym,
    Purpose,
    Sealed,
)


class Outcome(StrEnum):
    """What came of one attempt to see personal data."""

    GRANTED = "granted"
    EMPTY = "empty"
    REFUSED = "refused"
    ABORTED = "aborted"
    FAILED = "failed"


class Action(StrEnum):
    """What was attempted; billing's table maps action, outcome, channel and day to a product (golden R9)."""

    LOOK_UP = "look_up"
    REDISPLAY = "redisplay"
    """Filtering, sorting or paging what a look-up showed."""
    LIST = "list"
    NOTICES = "notices"
    NOTICE = "notice"
    NOTICE_CHANGE = "notice_change"
    ANNOTATION = "annotation"
    """A remark of the worker on an own look-up; `of` names its event."""
    DRY_RUN = "dry_run"
    """Asking what registering a claim would give."""
    LOG_VIEW = "log_view"
    """A person reads the log of their own data (oman tiedon lokinäkymä)."""
    LOG_SEARCH = "log_search"
    """Kela's auditor searches the log; `subject` says by what, the reason stands in the personal part."""
    LOG_REPORT = "log_report"
    """A report made from the log, generic or specific; `subject` says which."""


class Relation(StrEnum):
    """What made the client relation (asiakassuhde) of a look-up."""

    HOME = "home"
    """The client lives in the municipality."""
    CLAIM = "claim"
    NOTICE = "notice"
    STATED = "stated"
    """The worker stated it with a case reference: granted and reported."""
    EMERGENCY = "emergency"
    """Nothing but the emergency override."""


class AccessDecided(Contract):
    """One attempt to see a client's data. Its id derives from the request id, so a redelivery repeats it."""

    ce_type: ClassVar[str] = "kelmu.access.decided.v1"

    request: UUID
    time: Instant
    outcome: Outcome
    rule: str | None = None
    """The gate rule that refused; None when data was granted or there was none."""
    law: str | None = None
    channel: Channel
    service: str
    purpose: Purpose | None = None
    organisation: BusinessId | None = None
    member: MunicipalityCode | None = None
    """The municipality on whose behalf the worker looked."""
    agreement: str | None = None
    worker: Pseudonym | None = None
    action: Action = Action.LOOK_UP
    of: UUID | None = None
    """The access event that this one continues (redisplay) or remarks on (annotation)."""
    relation: Relation | None = None
    emergency: bool = False
    """The emergency override (sosiaalipäivystys) was used."""
    system: str | None = None
    """Interface use: the municipality's own system, by its id in the agreement."""
    subject: str | None = None
    """What else was opened: name of a list, id of a notice, "print". Nothing that identifies a client."""
    persons: int = 1
    """How many persons' data were shown or asked for: a page of a list shows many."""
    shown: dict[DataGroup, int] = Field(default_factory=dict)
    """Records shown per data group."""
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    personal: Sealed


class AccessPersonal(Contract):
    """The personal part of an access event, sealed: readable by the audit log and nobody between."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """Stands first in the bytes, so that the commitment to a guessable identity code cannot be searched for."""
    client: str | None
    """The identity code as it was typed when it was valid, else None: a mistyped code may be anybody's."""
    worker: str | None
    worker_name: str | None
    records: tuple[str, ...] = ()
    """Ids of the records shown."""
    informed: bool = False
    """The worker's attestation that the client was told beforehand (L 812/2000 21 §)."""
    clients: tuple[str, ...] = ()
    """Identity codes shown on a page of a list."""
    reason: str | None = None
    """What the worker wrote: the emergency, the relation, the remark."""
    case_reference: str | None = None
    surname: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """Keyed hash of the client's surname, when data were shown: tells who share one, never which (`ids.likeness`)."""
    address: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")] | None = None
    """The same of the address; None also under a safety prohibition (turvakielto)."""


class AccessReversed(Contract):
    """What an access event tells of was never delivered: the deadline passed or the reply was lost (golden R9).

    The event stays what it is, an attempt that was decided; only its use is taken back. Nothing personal. The body
    follows from the event alone, so that a redelivery repeats it.
    """

    ce_type: ClassVar[str] = "kelmu.access.reversed.v1"

    of: UUID
    """The access event."""
    time: Instant
    """Its event time: decides the day, the price and the period that are corrected."""
    agreement: str | None
    member: MunicipalityCode | None
    reason: Literal["not_delivered"]


class OverrideUsed(Contract):
    """An emergency override was used: the organisation's log supervisor is told at once (`access.alerts`)."""

    ce_type: ClassVar[str] = "kelmu.access.override.v1"

    access_event: UUID
    time: Instant
    organisation: BusinessId
    member: MunicipalityCode
    worker: Pseudonym
