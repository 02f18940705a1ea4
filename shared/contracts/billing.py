"""Events of invoicing (`billing.events`): nothing personal, every figure explained by the document they name."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.base import BusinessId, Contract, Instant
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
