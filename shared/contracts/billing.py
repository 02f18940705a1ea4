"""Events of invoicing (`billing.events`): nothing personal, every figure explained by the document they name."""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import BusinessId, Contract, Instant, MunicipalityCode, Pseudonym
from shared.money import Money


class InvoiceIssued(Contract):
    """An invoice was issued. It never changes; a correction is a document of its own (invariant 4)."""

    ce_type: ClassVar[str] = "kelmu.billing.issued.v1"

    number: str
    agreement: str
    payer: BusinessId
    price_book: str
    period: str
    """'2016-12' for a month of use, '2017/1' for the first instalment of 2017."""
    time: Instant
    due: date
    total: Money
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the stored document."""


class AmountRolledOver(Contract):
    """An instalment below the limit was carried to the next one, or waived at the year's end."""

    ce_type: ClassVar[str] = "kelmu.billing.rolled_over.v1"

    agreement: str
    price_book: str
    period: str
    time: Instant
    amount: Money
    waived: bool


class InvoiceCredited(Contract):
    """A credit note (hyvityslasku) was issued: it takes back from an invoice, which itself never changes."""

    ce_type: ClassVar[str] = "kelmu.billing.credited.v1"

    number: str
    credits: str
    """The number of the invoice."""
    agreement: str
    payer: BusinessId
    price_book: str
    period: str
    time: Instant
    total: Money
    """Below zero."""
    why: Literal["correction", "rectification"]
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class CorrectionRecorded(Contract):
    """A closed period was rated again after late or reversed usage. A difference of 0.00 is recorded too."""

    ce_type: ClassVar[str] = "kelmu.billing.corrected.v1"

    agreement: str
    price_book: str
    period: str
    time: Instant
    rated: Money
    """What the period is worth now."""
    charged: Money
    """What its documents charged before."""
    document: str | None
    """The document that carries the difference; None when there is none to carry."""


class RectificationDemanded(Contract):
    """A payer demands rectification (oikaisuvaatimus, L 150/1992 11 b §): dunning of the line rests until decided."""

    ce_type: ClassVar[str] = "kelmu.billing.disputed.v1"

    demand: str
    number: str
    row: int | None
    """The line; None for the whole invoice."""
    agreement: str
    received: date
    time: Instant


class RectificationDecided(Contract):
    """A demand for rectification was decided; what is given back stands on a credit note."""

    ce_type: ClassVar[str] = "kelmu.billing.dispute_decided.v1"

    demand: str
    number: str
    agreement: str
    outcome: Literal["accepted", "partly_accepted", "rejected", "out_of_time"]
    amount: Money
    """Given back, above or equal to zero."""
    document: str | None
    time: Instant


class InvoiceSettled(Contract):
    """Payments and credit notes have covered an invoice (lasku suoritettu)."""

    ce_type: ClassVar[str] = "kelmu.billing.settled.v1"

    number: str
    agreement: str
    time: Instant
    paid: Money
    credited: Money


class DocumentFetched(Contract):
    """A file of a document was given to a clerk: logged before it is given."""

    ce_type: ClassVar[str] = "kelmu.billing.fetched.v1"

    number: str
    format: str
    agreement: str
    organisation: BusinessId
    """Whose clerk fetched it."""
    worker: Pseudonym
    time: Instant
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the file."""


class UsageReversed(Contract):
    """A clerk took back a use that was wrong (käyttötapahtuman peruutus): by its event, never by deleting it."""

    ce_type: ClassVar[str] = "kelmu.billing.usage_reversed.v1"

    of: UUID
    """The event of the use."""
    agreement: str | None
    member: MunicipalityCode | None
    product: str
    used: Instant
    """Event time of the use: decides the period that is corrected."""
    time: Instant
    """Business time of the reversal."""
    reason: Annotated[str, Field(min_length=3, max_length=300)]
    """What the clerk wrote; identity codes are refused."""
