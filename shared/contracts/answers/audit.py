"""What the log answers: the log of one's own data, and the auditor's search."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from shared.contracts.access import Action, Outcome
from shared.contracts.base import (
    BusinessId,
    Channel,
    Contract,
    DataGroup,
    Instant,
    MunicipalityCode,
    Pseudonym,
    Purpose,
)
from shared.contracts.claims import ClaimState


class Redaction(StrEnum):
    """What an entry holds that is not shown to the person whom it is about."""

    REASON = "reason"
    """What a worker wrote: it may tell of others."""
    CASE_REFERENCE = "case_reference"
    OTHER_CLIENTS = "other_clients"
    """Who else stood on the same page of a list."""
    RULE = "rule"
    """Which rule about persons refused: it would tell of the worker's kin, or of a child's own wish."""
    ENTRY = "entry"
    """The entry's exact bytes, which hold one of these: the proof goes by their hash."""


class LogProof(Contract):
    """Where an entry stands in the signed log (invariant 7): enough to check it with nothing but the log's key."""

    entry: int
    leaf: str | None
    """The entry's exact bytes; None where they hold what is another's affair."""
    leaf_hash: str
    path: tuple[str, ...]
    """Hashes from the entry up to the root of the page's checkpoint, base64."""


class LogReversal(Contract):
    """What a row tells of never reached anybody: the use was taken back, and data were shown to nobody."""

    event: UUID
    time: Instant
    """When that was told."""
    reason: Literal["not_delivered"]
    proof: LogProof | None
    """Of the reversal's own entry; None for the moment until a signed checkpoint covers it."""


class OwnLogClaim(Contract):
    """A step of a payment claim (maksuvaatimus) on one's own benefit."""

    act: str
    """What was done, by the names of the claim's life (`register`, `hear`, …)."""
    by: Literal["claimant", "handler", "system"]
    number: str | None
    state: ClaimState | None
    """Where the claim stood then; None, like the number, when nothing was registered."""


class OwnLogRow(Contract):
    """One looking at one's data, or one step of a claim on one's benefit.

    Who the worker is stays out; the organisation answers for them.
    """

    event: UUID
    time: Instant
    oneself: bool
    """The person looked themselves."""
    organisation: BusinessId | None
    member: MunicipalityCode | None
    """On whose behalf."""
    action: Action | None
    """None, like channel and outcome: the entry is there, but not in a form that can be read."""
    channel: Channel | None
    purpose: Purpose | None
    law: str | None
    groups: tuple[DataGroup, ...]
    outcome: Outcome | None
    rule: str | None = None
    """Which rule refused, where that tells of nobody else."""
    emergency: bool
    informed: bool | None
    """Whether the worker attested that the person was told beforehand; None when that is not known any more."""
    redacted: tuple[Redaction, ...] = ()
    erased: bool = False
    """The personal part was erased, so that less is told than once was known."""
    claim: OwnLogClaim | None = None
    """What was done to a claim, in a row that tells of one; action and purpose are then None."""
    undelivered: LogReversal | None = None
    """Given when what was looked up never reached who asked."""
    proof: LogProof | None
    """None for the moment until a signed checkpoint covers the entry."""


class LogContact(Contract):
    """Whom to ask about an organisation's looking. An office, not a person."""

    organisation: BusinessId
    name_fi: str
    name_sv: str
    email: str = ""
    phone: str = ""
    address: str = ""


class OwnLogPage(Contract):
    """A page of the log of one's own data, newest first."""

    kind: Literal["own_log_page"] = "own_log_page"
    since: date
    """Two years back: what is older needs a special reason (L 703/2023)."""
    rows: tuple[OwnLogRow, ...]
    contacts: tuple[LogContact, ...]
    erased_months: tuple[str, ...]
    """Months of which something was erased, whoever's it was: own entries may be missing from them."""
    checkpoint: str | None
    """The signed note under which the proofs hold."""
    next: str | None
    event: UUID
    """Of this looking in the log."""


class FoundRow(Contract):
    """One entry as the auditor sees it: persons by pseudonym. Without `outcome` it has no form that can be read."""

    event: UUID
    entry: int
    time: Instant
    organisation: BusinessId | None = None
    member: MunicipalityCode | None = None
    service: str | None = None
    action: Action | None = None
    channel: Channel | None = None
    system: str | None = None
    worker: Pseudonym | None = None
    client: Pseudonym | None = None
    """None on a page of a list, which is about many, and where it was erased or never known."""
    persons: int = 1
    purpose: Purpose | None = None
    law: str | None = None
    groups: tuple[DataGroup, ...] = ()
    outcome: Outcome | None = None
    rule: str | None = None
    emergency: bool = False
    informed: bool | None = None
    reason: str | None = None
    case_reference: str | None = None
    subject: str | None = None
    erased: bool = False


class LogSearchPage(Contract):
    """A page of entries, newest first by their place in the log."""

    kind: Literal["log_search_page"] = "log_search_page"
    rows: tuple[FoundRow, ...]
    searched_from: int
    """Number of the entry down to which was searched: a page may hold few rows, or none, and yet have a next one."""
    next: str | None
    event: UUID
    """Of this search in the log."""
