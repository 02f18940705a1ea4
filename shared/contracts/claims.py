"""Events of payment claims (`claims.events`), keyed by the client's pseudonym.

Billing counts registrations, audit logs every event, lookup shows the organisation's own claims of a client.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import BusinessId, Channel, Contract, Instant, MunicipalityCode, Pseudonym, Sealed
from shared.money import Money


class Ground(StrEnum):
    """Peruste: the two that Kelmu registers. Others go by form (golden R7)."""

    TOTUL_23 = "totul_23"
    AML_14 = "aml_14"


class ClaimState(StrEnum):
    """Where a claim stands in its life (`services/claims/domain/lifecycle.py` says what leads where)."""

    DRAFT = "draft"
    REGISTERED = "registered"
    WAITING = "waiting_for_decision"
    IN_HEARING = "in_hearing"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDING = "ending"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class ClaimRegistered(Contract):
    """A claim was registered and waits for Kela."""

    ce_type: ClassVar[str] = "kelmu.claims.registered.v1"

    claim: UUID
    number: str
    version: Annotated[int, Field(ge=1)] = 1
    time: Instant
    """Arrival (saapumisaika): when the gateway accepted it. Decides the 14-day rule and the order of claims."""
    state: ClaimState
    channel: Channel
    organisation: BusinessId
    member: MunicipalityCode
    agreement: str
    worker: Pseudonym
    client: Pseudonym
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    personal: Sealed
    """A `ClaimPersonal`."""


class ClaimChanged(Contract):
    """An act on a claim took effect: who did what to it when, and where it stands now."""

    ce_type: ClassVar[str] = "kelmu.claims.changed.v1"

    claim: UUID
    number: str
    version: Annotated[int, Field(ge=2)]
    time: Instant
    act: str
    by: Literal["claimant", "handler", "system"]
    state: ClaimState
    organisation: BusinessId
    member: MunicipalityCode
    agreement: str
    worker: Pseudonym | None = None
    """Whoever acted; None for the system."""
    holder: Pseudonym | None = None
    """Whose claim it is from now on: the worker who registered it, or to whom it was handed over (siirto)."""
    client: Pseudonym
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    personal: Sealed
    """A `ClaimPersonal`."""


class ReturnTold(Contract):
    """What a municipality gave back to Kela (palautus): how much, on which day, by which reference.

    A negative amount was refunded by Kela (hyvitys).
    """

    amount: Money
    day: date
    reference: str


class ClaimReminded(Contract):
    """Somebody has something to do with a claim, or soon will: told once for each day on which it became so.

    `hearing_over`: the hearing has ended and the decision is open; `long`: it waits for Kela for long; `ends`: its
    period ends soon.
    """

    ce_type: ClassVar[str] = "kelmu.claims.reminded.v1"

    claim: UUID
    number: str
    version: Annotated[int, Field(ge=1)]
    """Of the claim, which the reminder does not change."""
    time: Instant
    of: Literal["hearing_over", "long", "ends"]
    due: date
    """Helsinki day on the business clock."""
    state: ClaimState
    organisation: BusinessId
    member: MunicipalityCode
    agreement: str
    client: Pseudonym


class ShareStated(Contract):
    """What one body takes of one month of a payment."""

    claim: UUID
    number: str | None
    """None for Kela's own claims."""
    body: str
    """Business id of the claimant, or `kela`."""
    month: str
    amount: Money
    held: bool


class AllocationPersonal(Contract):
    """How a payment was shared out, sealed for claims, lookup and audit."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    client: str
    """Identity code."""
    benefit: str
    payday: date
    first: date
    last: date
    net: Money
    to_client: Money
    shares: tuple[ShareStated, ...]


class PaymentAllocated(Contract):
    """A payment was shared out, or shared out anew; the newest entry of a payment stands, the others stay on record."""

    ce_type: ClassVar[str] = "kelmu.claims.allocated.v1"

    payment: str
    payment_version: Annotated[int, Field(ge=1)]
    entry: Annotated[int, Field(ge=1)]
    time: Instant
    why: Literal["payment", "correction", "decision", "claim", "death"]
    organisations: tuple[BusinessId, ...]
    """Whose accounts it touches."""
    client: Pseudonym
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    personal: Sealed
    """An `AllocationPersonal`."""


class KelaClaim(Contract):
    """Kela's own claim by ToTuL 23 § (`claims.kela`): it goes before the municipalities' (golden R3)."""

    ce_type: ClassVar[str] = "kelmu.claims.kela.v1"

    id: UUID
    version: Annotated[int, Field(ge=1)]
    client: Pseudonym
    benefit: str
    decided: date
    """Day of the assistance decision: the claim's origin."""
    arrived: Instant
    first: date
    last: date | None
    ended: bool = False
    sealed: Sealed
    """A `KelaAdvances`."""


class KelaAdvances(Contract):
    """Assistance that Kela gave as an advance, by month, sealed."""

    client: str
    """Identity code."""
    advances: dict[Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")], Money]


class ClaimRefused(Contract):
    """A registration was refused: by which rule, for whom. Nothing was stored as a claim."""

    ce_type: ClassVar[str] = "kelmu.claims.refused.v1"

    request: UUID
    time: Instant
    code: str
    rule: str
    law: str
    channel: Channel
    organisation: BusinessId
    member: MunicipalityCode | None
    agreement: str | None
    worker: Pseudonym | None
    commitment: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    personal: Sealed
    """An `access.AccessPersonal`."""


class ClaimPersonal(Contract):
    """What a claim says of its client, sealed for claims, lookup and audit."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    client: str
    """Identity code of the person to whom the benefit is paid."""
    worker: str | None
    worker_name: str
    benefit: str
    ground: Ground
    first: date
    last: date | None
    amount: Money | None
    """None: all of it."""
    effective_payday: date | None
    returned: ReturnTold | None = None
    """Of the act by which a municipality gave money back."""
