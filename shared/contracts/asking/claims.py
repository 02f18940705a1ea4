"""Questions and commands of payment claims."""

from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.asking.words import Day, IdempotencyKey, MonthText, Place, Sentence
from shared.contracts.base import Contract


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


class ReturnStated(Contract):
    """Palautus: what the municipality paid back to Kela, in euros as typed; its reference has a check digit.

    Of a refund (hyvitys) the same that Kela paid back to the municipality.
    """

    amount: Annotated[str, Field(max_length=20)]
    day: Day | None
    """When it was paid."""
    reference: Annotated[str, Field(max_length=40)]


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


ClaimAct = Literal[
    "change",
    "withdraw",
    "end",
    "suspend",
    "resume",
    "hear",
    "answer",
    "accept",
    "reject",
    "activate",
    "in_time",
    "return",
    "refund",
    "confirm",
    "widen",
    "drop",
]
"""What a person does to a claim."""


class ClaimCommand(Contract):
    """One act on one claim; a stale version is refused with the newer one told."""

    kind: Literal["claim_command"] = "claim_command"
    idempotency_key: IdempotencyKey
    number: Annotated[str, Field(max_length=40)]
    version: Annotated[int, Field(ge=1)]
    act: ClaimAct
    last: Day | None = None
    """End or change: the last day that is claimed."""
    deadline: Day | None = None
    """Hearing: until when the client may answer."""
    reason: Sentence = ""
    """End reason, answer of the client, reasons of the decision, why money is given back."""
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)] = ()
    care: CareStated | None = None
    returned: ReturnStated | None = None


class HandOverClaims(Contract):
    """Siirto: the open claims of a worker who leaves, or some of them, go to another worker of the same body."""

    kind: Literal["hand_over_claims"] = "hand_over_claims"
    idempotency_key: IdempotencyKey
    giver: Annotated[str, Field(max_length=32)]
    """Identity code of the worker whose claims they are."""
    taker: Annotated[str, Field(max_length=32)]
    """Identity code of the worker who takes them."""
    handler_name: Annotated[str, Field(max_length=100)]
    """Name of the taker, as the client's handler at Kela is to see it."""
    handler_phone: Annotated[str, Field(max_length=30)]
    numbers: Annotated[tuple[Annotated[str, Field(max_length=40)], ...], Field(max_length=100)] = ()
    """Which claims; none named: all open ones, a hundred at a time."""
    reason: Sentence = ""


class RegisterKelaClaim(Contract):
    """Kela's own claim by ToTuL 23 §, registered at its desk. Free-form strings are judged by the claim rules."""

    kind: Literal["register_kela_claim"] = "register_kela_claim"
    idempotency_key: IdempotencyKey
    identity_code: Annotated[str, Field(max_length=32)]
    benefit: Annotated[str, Field(max_length=64)]
    decided: Day | None
    """Day of Kela's decision on the assistance: the claim's origin (golden R3)."""
    first: Day | None
    last: Day | None
    advances: Annotated[tuple[MonthAdvance, ...], Field(max_length=120)]


class ClaimQuery(Contract):
    """One claim with its history and what was paid by it."""

    kind: Literal["claim_query"] = "claim_query"
    number: Annotated[str, Field(max_length=40)]


class ClaimsQuery(Contract):
    """One page of claims without clients' names: the team's list, or Kela's work queue."""

    kind: Literal["claims_query"] = "claims_query"
    view: Literal["team", "queue", "ending_soon", "overdue", "cannot_bite", "to_confirm", "needs_action"]
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
