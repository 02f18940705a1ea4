"""What a gateway may ask of a service: one body a question or command (`<service>.requests`, sealed)."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.contracts.base import Contract, Instant, MunicipalityCode, Purpose
from shared.finnish.identity_code import PATTERN


def _is_no_identity_code(key: str) -> str:
    """A key stands in addresses and in clear tables, and an identity code must not (invariant 5)."""
    if PATTERN.search(key):
        raise ValueError("an idempotency key must not look like an identity code")
    return key


IdempotencyKey = Annotated[
    str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$"), AfterValidator(_is_no_identity_code)
]
"""Made by whoever sends a command: the same key with the same content is the same command."""

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 12, 31))]
"""A day that is asked for. Farther ones are slips, and nothing that counts days should have to go there."""

MonthText = Annotated[str, Field(pattern=r"^(19[0-9]{2}|2[01][0-9]{2})-(0[1-9]|1[0-2])$")]
"""2016-12."""

NoticeId = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""Id of a notice as the register gave it: a database or a log cannot hold control characters."""

Place = Annotated[str, Field(max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Where the next page of something continues, as the page before told it."""

Sentence = Annotated[str, Field(max_length=1000)]
"""Text that a person typed."""


class StatedRelation(Contract):
    """Asiakassuhde stated by the worker: Kela has no register of municipal clients (golden, client relation)."""

    case_reference: Annotated[str, Field(max_length=100)]
    description: Sentence = ""


class EmergencyOverride(Contract):
    """Sosiaalipäivystys: a look-up without a known client relation because somebody may be in danger."""

    reason: Sentence
    began: Instant
    """Business clock: when the override was first used; it carries 24 hours."""


class PersonQuery(Contract):
    """One look-up (haku): one submission of an identity code with a purpose (golden R9)."""

    kind: Literal["person_query"] = "person_query"
    identity_code: str
    purpose: Purpose | None
    informed: bool
    """The worker's attestation that the client was told beforehand (L 812/2000 21 §)."""
    relation: StatedRelation | None = None
    emergency: EmergencyOverride | None = None
    benefit: str | None = None
    """Show this benefit only."""
    first: Day | None = None
    """Show decisions and payments from this day on."""
    last: Day | None = None
    redisplay_of: UUID | None = None
    """Access event of the look-up that this one only filters, sorts or turns a page of (golden R9)."""


ListName = Literal["tmt_200", "tmt_300", "tmt_invoice"]


class ListQuery(Contract):
    """One page of a list that Kela gives a municipality: labour market support of 200 / 300 days, or an invoice's."""

    kind: Literal["list_query"] = "list_query"
    list: ListName
    purpose: Purpose | None
    month: MonthText | None = None
    """Invoicing month of the invoice's person list."""
    after: Place | None = None
    """Continue after this row."""


NoticeState = Literal["open", "taken", "done", "moved"]


class NoticesQuery(Contract):
    """One page of the notices (eTotu-ilmoitukset) of the worker's municipality; no client's data in the rows."""

    kind: Literal["notices_query"] = "notices_query"
    purpose: Purpose | None
    state: NoticeState | Literal["overdue"] | None = None
    after: Place | None = None


class NoticeQuery(Contract):
    """One notice opened: the client, what Kela tells, the attachments."""

    kind: Literal["notice_query"] = "notice_query"
    purpose: Purpose | None
    notice: NoticeId


class NoticeCommand(Contract):
    """Take, finish or move a notice (ilmoituksen siirto); a stale version is refused with the newer one told."""

    kind: Literal["notice_command"] = "notice_command"
    idempotency_key: IdempotencyKey
    purpose: Purpose | None
    notice: NoticeId
    version: Annotated[int, Field(ge=1)]
    action: Literal["take", "done", "move"]
    to: MunicipalityCode | None = None
    """Where it is moved: it was sent to the wrong municipality."""
    reason: Sentence = ""


class NoticeStatisticsQuery(Contract):
    """How many notices of each type, how late; without persons."""

    kind: Literal["notice_statistics"] = "notice_statistics"
    first: Day
    last: Day


class AnnotateLookUp(Contract):
    """A worker's remark on an own look-up ("väärä henkilö"): added to the log, nothing is removed from it."""

    kind: Literal["annotate_look_up"] = "annotate_look_up"
    idempotency_key: IdempotencyKey
    access_event: UUID
    note: Literal["wrong_person"]
    text: Sentence = ""


class MonthAdvance(Contract):
    """ToTuL 23: assistance given as an advance for one month, in euros as typed (golden R6)."""

    month: Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
    """A month that never was is refused by the claim rules, which explain it."""
    amount: str


class CareStated(Contract):
    """AML 14: the care and its fee (golden R2): what the claim rests on, in euros as typed."""

    first: Day | None
    last: Day | None = None
    fee: str
    """Monthly fee of the fee decision."""
    income: str
    """All net income of the client in a month."""
    others: str = "0"
    """What the municipality collects of it from other payers."""
    unit: str = ""
    """The care unit or the decision on care."""


class RegisterClaim(Contract):
    """Maksuvaatimuksen rekisteröinti. Free-form strings are judged by the claim rules, which explain refusals."""

    kind: Literal["register_claim"] = "register_claim"
    idempotency_key: IdempotencyKey
    identity_code: str
    benefit: str
    ground: str
    first: Day | None
    last: Day | None = None
    amount: str | None
    """Euros as typed, or "all"."""
    handler_name: str
    handler_phone: str
    account: str
    """Id of one of the agreement's confirmed accounts: an IBAN is never typed (golden R8)."""
    reference: str
    assistance: Literal["basic", "supplementary", "preventive"] | None = None
    """ToTuL 23: type of the assistance that was given as an advance."""
    care_unit: str | None = None
    """AML 14: the care unit or decision."""
    decided: Day | None = None
    """ToTuL 23: day of the assistance decision, the claim's origin (golden R3)."""
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)] = ()
    """ToTuL 23: advance by month; months may be added while the claim waits."""
    care: CareStated | None = None


class ValidateClaim(Contract):
    """A dry run: the same answer as registering would give, nothing stored. What it reveals is logged first."""

    kind: Literal["validate_claim"] = "validate_claim"
    claim: RegisterClaim


class ClaimCommand(Contract):
    """One act on one claim; a stale version is refused with the newer one told."""

    kind: Literal["claim_command"] = "claim_command"
    idempotency_key: IdempotencyKey
    number: Annotated[str, Field(max_length=40)]
    version: Annotated[int, Field(ge=1)]
    act: Literal[
        "change", "withdraw", "end", "suspend", "resume", "hear", "answer", "accept", "reject", "activate", "in_time"
    ]
    last: Day | None = None
    """End or change: the last day that is claimed."""
    deadline: Day | None = None
    """Hearing: until when the client may answer."""
    reason: Sentence = ""
    """End reason, answer of the client, reasons of the decision."""
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)] = ()
    care: CareStated | None = None


class ClaimQuery(Contract):
    """One claim with its history and what was paid by it."""

    kind: Literal["claim_query"] = "claim_query"
    number: Annotated[str, Field(max_length=40)]


class ClaimsQuery(Contract):
    """One page of claims without clients' names: the team's list, or Kela's work queue."""

    kind: Literal["claims_query"] = "claims_query"
    view: Literal["team", "queue", "ending_soon", "overdue", "cannot_bite"]
    after: Place | None = None


class SettlementsQuery(Contract):
    """One page of settlement rows of a month: what was paid to the organisation, by reference."""

    kind: Literal["settlements_query"] = "settlements_query"
    month: MonthText
    after: Place | None = None


class ClaimStatusQuery(Contract):
    """How did my registration go? Asked by the idempotency key it was sent with."""

    kind: Literal["claim_status"] = "claim_status"
    idempotency_key: str


class RecordChange(Contract):
    """One proposed version of one record of the agreements service."""

    kind: Annotated[str, Field(max_length=40)]
    body: Annotated[str, Field(max_length=100_000)]
    """JSON of the record's contract, its version one above the current one."""


class ChangeRecords(Contract):
    """Change organisations, agreements, mandates, users: all of it or nothing."""

    kind: Literal["change_records"] = "change_records"
    idempotency_key: IdempotencyKey
    changes: Annotated[tuple[RecordChange, ...], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class UserSeen(Contract):
    """The asking worker signed in today; an account left idle too long is locked instead."""

    kind: Literal["user_seen"] = "user_seen"


class RecordsQuery(Contract):
    """Records as known at the end of one day and valid on another; None for today."""

    kind: Literal["records_query"] = "records_query"
    record_kind: Annotated[str, Field(max_length=40)]
    record: Annotated[str, Field(max_length=100)] | None = None
    """One record with all its versions, instead of all records."""
    known: date | None = None
    valid: date | None = None
    after: Place | None = None


Body = Annotated[
    PersonQuery
    | ListQuery
    | NoticesQuery
    | NoticeQuery
    | NoticeCommand
    | NoticeStatisticsQuery
    | AnnotateLookUp
    | RegisterClaim
    | ClaimStatusQuery
    | ValidateClaim
    | ClaimCommand
    | ClaimQuery
    | ClaimsQuery
    | SettlementsQuery
    | ChangeRecords
    | UserSeen
    | RecordsQuery,
    Field(discriminator="kind"),
]
