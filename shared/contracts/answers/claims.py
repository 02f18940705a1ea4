"""Answers about payment claims: receipts, lists, one claim with its life, settlements."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract, Instant, MunicipalityCode


class ClaimReceipt(Contract):
    """Vastaanottokuittaus of a registered claim."""

    kind: Literal["claim_receipt"] = "claim_receipt"
    number: str
    arrived: Instant
    state: str
    effective_payday: date | None
    earliest: date | None
    """For benefits without a fixed payday: "aikaisintaan", arrival + 14 days (golden R1)."""
    missed_paydays: tuple[date, ...]
    warnings: tuple[str, ...] = ()
    next: str = ""
    """What happens next, in the asker's language."""
    version: int = 1
    organisation: str = ""
    member: str = ""
    benefit: str = ""
    ground: str = ""
    first: date | None = None
    last: date | None = None
    amount: str | None = None
    """Euros a month; None: all of the benefit."""
    reference: str = ""


class ClaimValidated(Contract):
    """What registering would give; nothing was stored."""

    kind: Literal["claim_validated"] = "claim_validated"
    effective_payday: date | None
    earliest: date | None
    missed_paydays: tuple[date, ...]
    warnings: tuple[str, ...] = ()


class ClaimListRow(Contract):
    """A claim in a list: nothing that names the client."""

    number: str
    version: int
    organisation: str
    member: MunicipalityCode
    benefit: str
    ground: str
    state: str
    arrived: Instant
    first: date
    last: date | None
    effective_payday: date | None
    paid: str
    """Euros paid to the claimant so far, less what it gave back; never below zero."""
    held: str
    """Euros kept back until it is decided."""
    returned: str = "0.00"
    """Euros that the claimant gave back (palautus), less what Kela refunded."""
    owed: str = "0.00"
    """Euros that the claimant gave back beyond what it was paid, as a correction left it: Kela refunds them."""
    remaining: str | None = None
    """Euros of the stated advances that are not paid yet; None: care, which has no sum."""
    deadline: date | None = None
    """Of the hearing."""
    notice: str | None = None
    """Why it stands in this list."""
    reminded: date | None = None
    """Since when a reminder stands; none once what it reminds of is done."""
    mine: bool = False
    amounts_asked: date | None = None
    """Since when the worker is asked to confirm the monthly amounts (golden R6)."""
    holder: str = ""
    """Name of the worker whose claim it is; told to the municipality alone."""


class ClaimsPage(Contract):
    """One page of claims."""

    kind: Literal["claims_page"] = "claims_page"
    rows: tuple[ClaimListRow, ...]
    next: str | None


class ClaimStep(Contract):
    """One act in a claim's history."""

    at: Instant
    act: str
    state: str
    by: str
    reason: str
    letter: str | None = None
    """The letter of the hearing, or the written decision with its appeal instructions, in the reader's language."""


class ClaimShare(Contract):
    """What the claim took of one payment for one month."""

    payday: date
    month: str
    amount: str
    held: bool


class ClaimReturn(Contract):
    """What the municipality gave back to Kela (palautus); a negative amount: what Kela refunded of it (hyvitys)."""

    day: date
    amount: str
    reference: str


class ClaimWidening(Contract):
    """A change that takes more than the client was heard about: it waits for its own hearing and decision (V15)."""

    last: date | None = None
    advances: tuple[tuple[str, str], ...] = ()
    """Month and euros."""
    care_from: str | None = None
    """Month from which another fee holds."""
    fee: str | None = None
    heard: bool = False


class ClaimView(Contract):
    """One claim with its history; its access event is acknowledged."""

    kind: Literal["claim_view"] = "claim_view"
    row: ClaimListRow
    identity_code: str
    handler: str
    steps: tuple[ClaimStep, ...]
    shares: tuple[ClaimShare, ...]
    returns: tuple[ClaimReturn, ...] = ()
    widening: ClaimWidening | None = None
    overlaps: tuple[str, ...] = ()
    """Kela's handler only: numbers of other bodies' claims on the same benefit and days."""
    access_event: UUID


class ClaimDone(Contract):
    """An act on a claim took effect."""

    kind: Literal["claim_done"] = "claim_done"
    number: str
    version: int
    state: str
    stops_from: date | None = None
    """End notice: the next unpaid instalment, from which nothing more is taken."""


class ClaimsHandedOver(Contract):
    """Claims of a worker are another's from now on (siirto)."""

    kind: Literal["claims_handed_over"] = "claims_handed_over"
    numbers: tuple[str, ...]
    left: tuple[str, ...] = ()
    """Named or open claims that stayed: not the giver's, closed, or not for this taker."""
    more: bool = False
    """There are more open ones: hand over again, with another key."""


class KelaClaimRegistered(Contract):
    """Kela's own claim stands in the books."""

    kind: Literal["kela_claim_registered"] = "kela_claim_registered"
    claim: UUID
    arrived: Instant
    benefit: str
    first: date
    last: date
    access_event: UUID


class SettlementRow(Contract):
    """A payment to the municipality by reference, with its specification (rule V20), or what it gave back.

    What it gave back is a row of its own: its reference is that of the municipality's payment to Kela, its days are the
    day of that payment, and what went to the municipality is negative.
    """

    reference: str
    number: str
    payday: date
    first: date
    last: date
    gross: str | None = None
    """Gross payment, before tax and Kela's own recovery; None: paid before the gross was kept."""
    withheld: str | None = None
    """Of the gross: withheld for tax and Kela's own recovery."""
    net: str | None = None
    """Net payment that was shared out."""
    to_municipality: str
    to_client: str | None = None
    others: bool = False
    """Kela or another municipality has a share of the payment too. Then gross, withheld, net and the client's part are
    not told: with them the other one's sum would be."""
    correction: bool
    """It corrects what was told before of the same payment."""
    returned: bool = False
    """The municipality gave it back (palautus)."""


class SettlementsPage(Contract):
    """One page of settlement rows."""

    kind: Literal["settlements_page"] = "settlements_page"
    rows: tuple[SettlementRow, ...]
    total: str
    next: str | None
