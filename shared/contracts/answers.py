"""What a service answers: the rows of the screens, refusals and receipts (`gateway.replies`, sealed)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.access import Relation
from shared.contracts.base import Contract, Instant, MunicipalityCode, Refusal, Text


class Pending(Contract):
    """A vireillä oleva hakemus on the person page."""

    benefit: str
    received: date
    stage: str
    estimated_decision: date | None
    stage_since: date | None = None
    missing: tuple[str, ...] = ()
    """Attachments that Kela still waits for."""


class DecisionRow(Contract):
    """A ratkaisu on the person page."""

    benefit: str
    result: Literal["granted", "refused"]
    first: date | None
    last: date | None
    amount: str | None
    decided: date
    terms: str | None = None


class PaymentRow(Contract):
    """A maksu on the person page; amounts are euros as decimal strings."""

    benefit: str
    payday: date
    first: date
    last: date
    gross: str
    withheld: str
    net: str
    paid_to: str
    tax: str = "0.00"
    recovered: str = "0.00"


class ClaimRow(Contract):
    """A maksuvaatimus of the worker's own organisation on the person page."""

    number: str
    benefit: str
    ground: str
    state: str
    first: date
    last: date | None
    effective_payday: date | None


class Trimmed(Contract):
    """What the agreement keeps from view, counted so that nobody takes absence for "there is none"."""

    group: str
    count: int
    why: Literal["window", "benefit", "group", "size", "withdrawn", "filter"]


class IncomeMonth(Contract):
    """Income of one month by the days it is for, a retro-payment spread over its months: the basis of fee decisions."""

    month: str
    """2016-12."""
    gross: str
    tax: str
    recovered: str
    net: str
    benefits: tuple[str, ...]


class ComingPayment(Contract):
    """A payment to come by a decision in force and the benefit's paydays; the amount is the decision's."""

    benefit: str
    payday: date | None
    """None: the benefit has no fixed payday."""
    amount: str | None


class InterruptionRow(Contract):
    """A keskeytys: a benefit that is granted and not paid for a while."""

    benefit: str
    first: date
    last: date | None
    reason: str


class InsuranceRow(Contract):
    """Vakuuttaminen: whether the client is insured in Finland's residence-based social security."""

    covered: bool
    first: date
    last: date | None


class RecoveryRow(Contract):
    """Takaisinperintä of a benefit paid without ground."""

    benefit: str
    decided: date
    total: str
    remaining: str


class MedicineRow(Contract):
    """Lääkekatto: the annual ceiling of medicine costs and how much of it is used."""

    year: int
    ceiling: str
    used: str
    reached: date | None


class PersonView(Contract):
    """The answer to a granted look-up. Made only after its access event is acknowledged (invariant 1)."""

    kind: Literal["person_view"] = "person_view"
    name: str
    identity_code: str
    municipality: MunicipalityCode | None
    safety_prohibition: bool
    looked_up: Instant
    access_event: UUID
    pending: tuple[Pending, ...]
    decisions: tuple[DecisionRow, ...]
    payments: tuple[PaymentRow, ...]
    claims: tuple[ClaimRow, ...]
    trimmed: tuple[Trimmed, ...] = ()
    address: str | None = None
    phone: str | None = None
    relation: Relation | None = None
    """What made the client relation."""
    income: tuple[IncomeMonth, ...] = ()
    """Newest month first."""
    coming: tuple[ComingPayment, ...] = ()
    """Soonest first."""
    interruptions: tuple[InterruptionRow, ...] = ()
    insurance: tuple[InsuranceRow, ...] = ()
    recovery: tuple[RecoveryRow, ...] = ()
    medicine: tuple[MedicineRow, ...] = ()


class NothingFound(Contract):
    """The look-up was in order but the register knows nothing of this person."""

    kind: Literal["nothing_found"] = "nothing_found"
    looked_up: Instant
    access_event: UUID


class Refused(Contract):
    """A refusal, logged, with what to do next."""

    kind: Literal["refused"] = "refused"
    refusal: Refusal
    event: UUID | None = None
    """Id of the event that tells of the refusal in the log."""


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
    """Euros paid to the claimant so far."""
    held: str
    """Euros kept back until it is decided."""
    deadline: date | None = None
    """Of the hearing."""
    notice: str | None = None
    """Why it stands in this list."""
    mine: bool = False


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


class ClaimView(Contract):
    """One claim with its history; its access event is acknowledged."""

    kind: Literal["claim_view"] = "claim_view"
    row: ClaimListRow
    identity_code: str
    handler: str
    steps: tuple[ClaimStep, ...]
    shares: tuple[ClaimShare, ...]
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


class SettlementRow(Contract):
    """A payment to the municipality by reference, with its specification (rule V20)."""

    reference: str
    number: str
    payday: date
    first: date
    last: date
    gross: str | None = None
    """Gross payment, before tax and Kela's own recovery; None: paid before the gross was kept."""
    withheld: str | None = None
    """Of the gross: withheld for tax and Kela's own recovery."""
    net: str
    """Net payment that was shared out."""
    to_municipality: str
    to_client: str
    correction: bool
    """It corrects what was told before of the same payment."""


class SettlementsPage(Contract):
    """One page of settlement rows."""

    kind: Literal["settlements_page"] = "settlements_page"
    rows: tuple[SettlementRow, ...]
    total: str
    next: str | None


class Failed(Contract):
    """Something broke. Nothing was shown; `retry` says whether asking again makes sense."""

    kind: Literal["failed"] = "failed"
    code: str
    reason: str
    retry: bool


class ListRow(Contract):
    """One person of a list."""

    identity_code: str
    name: str
    days: int | None = None
    """Days of labour market support."""
    paid: str | None = None
    """Euros in the invoicing month: paid, returned, corrected."""
    returned: str | None = None
    corrected: str | None = None
    protected: bool = False
    """Turvakielto."""


class ListPage(Contract):
    """One page of a list."""

    kind: Literal["list_page"] = "list_page"
    list: str
    as_of: date
    rows: tuple[ListRow, ...]
    total: int
    next: str | None
    access_event: UUID


class NoticeRow(Contract):
    """A notice in the list: nothing that names the client."""

    notice: str
    version: int
    type: str
    visible: Instant
    due: date | None
    """Statutory due date (ToTuL 14 a §, seventh weekday; next weekday when urgent)."""
    state: str
    urgent: bool
    overdue: bool
    taken_by: Literal["me", "colleague"] | None = None
    """Whoever has it in hand, told by no pseudonym: the asking worker or system, or another one."""


class NoticePage(Contract):
    """One page of notices."""

    kind: Literal["notice_page"] = "notice_page"
    rows: tuple[NoticeRow, ...]
    next: str | None
    overdue: int


class AttachmentRow(Contract):
    """An attachment of an application, by reference."""

    name: str
    media_type: str
    size: int
    sha256: str


class NoticeView(Contract):
    """One notice opened; its access event is acknowledged."""

    kind: Literal["notice_view"] = "notice_view"
    row: NoticeRow
    identity_code: str
    name: str
    phone: str | None
    text: str
    attachments: tuple[AttachmentRow, ...] = ()
    access_event: UUID


class NoticeDone(Contract):
    """A command on a notice took effect."""

    kind: Literal["notice_done"] = "notice_done"
    notice: str
    version: int
    state: str
    municipality: MunicipalityCode


class StatisticsRow(Contract):
    """Notices of one type that became visible in the period."""

    type: str
    arrived: int
    open: int
    done: int
    done_late: int
    overdue: int
    median_days: str | None
    """Weekdays from visible to done, median."""


class NoticeStatistics(Contract):
    """Statistics of notices, by type."""

    kind: Literal["notice_statistics"] = "notice_statistics"
    first: date
    last: date
    rows: tuple[StatisticsRow, ...]


class LookUpAnnotated(Contract):
    """The remark stands in the log beside the look-up."""

    kind: Literal["look_up_annotated"] = "look_up_annotated"
    access_event: UUID
    annotation: UUID


class ChangesDone(Contract):
    """Records were changed, or stood so already."""

    kind: Literal["changes_done"] = "changes_done"
    changed: int
    unchanged: int


class ChangeFault(Contract):
    """Why one record was not changed; none of the list was then."""

    record: str
    code: str
    reason: Text
    advice: Text


class ChangesRefused(Contract):
    """At least one record was refused, so nothing was changed."""

    kind: Literal["changes_refused"] = "changes_refused"
    faults: tuple[ChangeFault, ...]


class RecordVersion(Contract):
    """One version of a record with its history: since when known, by whom, why."""

    kind: str
    id: str
    version: int
    body: str
    recorded_at: Instant
    actor: str
    reason: str


class RecordsFound(Contract):
    """One page of records."""

    kind: Literal["records_found"] = "records_found"
    rows: tuple[RecordVersion, ...]
    next: str | None


Answer = Annotated[
    PersonView
    | NothingFound
    | Refused
    | ClaimReceipt
    | ClaimValidated
    | ClaimsPage
    | ClaimView
    | ClaimDone
    | SettlementsPage
    | Failed
    | ListPage
    | NoticePage
    | NoticeView
    | NoticeDone
    | NoticeStatistics
    | LookUpAnnotated
    | ChangesDone
    | ChangesRefused
    | RecordsFound,
    Field(discriminator="kind"),
]
