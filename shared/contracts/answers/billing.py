"""Answers about usage, invoices and prices. Amounts are text with a decimal point; no answer names a worker."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import BusinessId, Contract, Instant, Text


class UsageRow(Contract):
    """How often a product was used on a day for a municipality."""

    day: date
    agreement: str
    member: str
    product: str
    quantity: int


class BillingUsage(Contract):
    """One page of usage."""

    kind: Literal["billing_usage_page"] = "billing_usage_page"
    month: str
    rows: tuple[UsageRow, ...]
    active_users: dict[str, int] = Field(default_factory=dict)
    """With sums: the month's active users (aktiiviset käyttäjät) of each agreement of which the asker bears all."""
    next: str | None


class DocumentRow(Contract):
    """A document in the list."""

    number: str
    type: str
    """usage_month, population_instalment, correction or credit_note."""
    credits: str | None
    agreement: str
    payer: str
    price_book: str
    period: str
    issued_on: date
    due: date
    total: str
    share: str | None
    """The asking municipality's part, where it is not the payer."""


class BillingDocuments(Contract):
    """One page of documents."""

    kind: Literal["billing_document_page"] = "billing_document_page"
    rows: tuple[DocumentRow, ...]
    next: str | None
    price_notice: Text


class PartRow(Contract):
    """A member's part of a line."""

    municipality: str
    quantity: int | None
    amount: str


class LineRow(Contract):
    """A line of a document; to a member that is not the payer, with its own part only."""

    row: int
    why: Literal["rated", "correction", "rectification"]
    agreement: str
    price_book: str
    period: str
    product: str
    text: Text
    law: str
    price_row: str
    source: str
    assumed: bool
    calculation: str
    quantity: int
    unit: str
    unit_price: str
    amount: str
    parts: tuple[PartRow, ...]


class BillingDocument(Contract):
    """A document."""

    kind: Literal["billing_document_view"] = "billing_document_view"
    document: DocumentRow
    payer_id: BusinessId
    reference: str
    legal_basis: str
    lines: tuple[LineRow, ...]
    digest: str
    """SHA-256 of the stored document, as audit logged it when it was issued."""
    price_notice: Text
    rectification: Text
    rectification_until: date


class UseRow(Contract):
    """One use behind a line: the event that audit's log proves."""

    event: UUID
    time: Instant
    member: str
    product: str
    reversal: UUID | None = None
    """The event that took it back; of a reversal, the use that it takes back."""
    counts: int
    """1; 0 when it was taken back before it was charged; -1 for a reversal that came later."""


class MemberDays(Contract):
    """A member's inhabitants and days in a year's fee."""

    municipality: str
    inhabitants: int
    days: int
    amount: str


class FactRow(Contract):
    """An event that stated members or population."""

    event: UUID
    what: str
    late: bool


class EarlierRow(Contract):
    """What came of the same period before."""

    period: str
    outcome: str
    document: str | None
    amount: str


class RectificationRow(Contract):
    """The decision on a demand for rectification that a credit note carries out."""

    demand: str
    received: date
    outcome: str
    amount: str
    grounds: str


class BillingLine(Contract):
    """Why a line costs what it costs."""

    kind: Literal["billing_line_view"] = "billing_line_view"
    number: str
    line: LineRow
    basis: str
    """uses, users, minimum, inhabitants, late_uses, late_facts or decision."""
    tier: str
    sound: bool
    """Whether what was found makes exactly what was charged."""
    fault: str | None
    counted: dict[str, int]
    """Units found, by municipality."""
    rests_on: tuple[int, ...] = ()
    """Rows of the document that a minimum line fills up."""
    minimum: str | None = None
    members: tuple[MemberDays, ...] = ()
    facts: tuple[FactRow, ...] = ()
    earlier: tuple[EarlierRow, ...] = ()
    decision: RectificationRow | None = None
    uses: tuple[UseRow, ...] = ()
    next: str | None = None
    price_notice: Text


class PriceRow(Contract):
    """A row of a price book; `tier` is empty for a flat price."""

    code: str
    tier: str
    price: str
    unit: str
    text: Text
    law: str
    source: str
    assumed: bool


class BookView(Contract):
    """A price book."""

    name: str
    first: date
    last: date | None
    charges: Literal["usage", "inhabitants", "nothing"]
    in_force: bool
    legal_basis: str
    rows: tuple[PriceRow, ...]


class BillingBooks(Contract):
    """The price books."""

    kind: Literal["billing_book_list"] = "billing_book_list"
    books: tuple[BookView, ...]
    price_notice: Text


class PriceChangeRow(Contract):
    """A municipality's cost of the year before and under each book of the new year; None: it cannot be told."""

    municipality: str
    name: str
    merged: tuple[str, ...]
    payer: str
    before: str | None
    after: dict[str, str | None]


class BillingPriceChange(Contract):
    """The comparison."""

    kind: Literal["billing_price_change_view"] = "billing_price_change_view"
    year: int
    own_use: bool
    """Whether the new year's own use was rated; else that of the twelve months before."""
    rows: tuple[PriceChangeRow, ...]
    price_notice: Text


class CorrectionRow(Contract):
    """A later rating of a closed period."""

    agreement: str
    price_book: str
    period: str
    rated: str
    charged: str
    document: str | None
    at: Instant


class DemandRow(Contract):
    """A demand for rectification; `outcome` None while it is open."""

    demand: str
    invoice: str
    row: int | None
    received: date
    grounds: str
    outcome: str | None
    amount: str | None
    document: str | None


class BillingCorrections(Contract):
    """One page of corrections and all demands beside them."""

    kind: Literal["billing_correction_page"] = "billing_correction_page"
    corrections: tuple[CorrectionRow, ...]
    demands: tuple[DemandRow, ...]
    next: str | None


class BillingFile(Contract):
    """A file of a document; that it was given stands in the log under `event`."""

    kind: Literal["billing_file_content"] = "billing_file_content"
    number: str
    name: str
    sha256: str
    content: str
    """Base64."""
    event: UUID
