"""Events of payment claims (`claims.events`), keyed by the client's pseudonym.

Billing counts registrations, audit logs every event, lookup shows the organisation's own claims of a client.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.contracts.base import BusinessId, Channel, Contract, Instant, MunicipalityCode, Pseudonym, Sealed
from shared.money import Money


class Ground(StrEnum):
    """Peruste: the two that Kelmu registers. Others go by form (golden R7)."""

    TOTUL_23 = "totul_23"
    AML_14 = "aml_14"


class ClaimState(StrEnum):
    """Where a claim stands after registration; later states come with the life cycle."""

    REGISTERED = "registered"


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
