"""How a gateway asks a service, and how the service answers (`<service>.requests`, `gateway.replies`).

On the bus a request is its id and its times; what is asked, of whom and by whom is sealed for the service. The reply
is sealed with a one-time key that the sealed request carried, so that only the asking gateway can read it.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.base import (
    BusinessId,
    Channel,
    Contract,
    Instant,
    Language,
    MunicipalityCode,
    Purpose,
    Refusal,
    Role,
    Sealed,
)


class Actor(Contract):
    """Who asks, signed by the gateway for one request and a short time (`shared.bus.actor`)."""

    request: UUID
    expires: Instant
    """System clock."""
    identity_code: str | None
    """The worker's own, from the strong identification. None: a sub-ID (alitunniste), refused by the gate."""
    name: str
    signed_in: Instant
    """System clock: when the person last identified."""
    organisation: BusinessId
    member: MunicipalityCode | None
    """On whose behalf."""
    roles: tuple[Role, ...]
    channel: Channel


class RequestEnvelope(Contract):
    """A request as it travels. The message type says what is asked; `sealed` holds a `SealedRequest`."""

    ce_type: ClassVar[str] = "kelmu.request.v1"

    id: UUID
    accepted: Instant
    """Business clock, when the gateway took it: a claim's arrival (saapumisaika) is this moment."""
    deadline: Instant | None = None
    """System clock. A query past it is not worked on but logged as aborted. Commands have none."""
    sealed: Sealed


class PersonQuery(Contract):
    """One look-up (haku): one submission of an identity code with a purpose (golden R9)."""

    kind: Literal["person_query"] = "person_query"
    identity_code: str
    purpose: Purpose | None
    informed: bool
    """The worker's attestation that the client was told beforehand (L 812/2000 21 §)."""


class RegisterClaim(Contract):
    """Maksuvaatimuksen rekisteröinti. Free-form strings are judged by the claim rules, which explain refusals."""

    kind: Literal["register_claim"] = "register_claim"
    idempotency_key: Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
    identity_code: str
    benefit: str
    ground: str
    first: date | None
    last: date | None = None
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


class ClaimStatusQuery(Contract):
    """How did my registration go? Asked by the idempotency key it was sent with."""

    kind: Literal["claim_status"] = "claim_status"
    idempotency_key: str


Body = Annotated[PersonQuery | RegisterClaim | ClaimStatusQuery, Field(discriminator="kind")]


class SealedRequest(Contract):
    """What only the asked service can read."""

    actor: str
    """The signed `Actor`."""
    reply_key: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    """32 random bytes, base64url: the key of the reply."""
    language: Language = "fi"
    body: Body


class ReplyEnvelope(Contract):
    """A reply as it travels: correlated by the request's id, opaque to everyone but the asking gateway."""

    ce_type: ClassVar[str] = "kelmu.reply.v1"

    request: UUID
    sealed: str


class Pending(Contract):
    """A vireillä oleva hakemus on the person page."""

    benefit: str
    received: date
    stage: str
    estimated_decision: date | None


class DecisionRow(Contract):
    """A ratkaisu on the person page."""

    benefit: str
    result: Literal["granted", "refused"]
    first: date | None
    last: date | None
    amount: str | None
    decided: date


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
    why: Literal["window", "benefit", "group", "size"]


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


class Failed(Contract):
    """Something broke. Nothing was shown; `retry` says whether asking again makes sense."""

    kind: Literal["failed"] = "failed"
    code: str
    reason: str
    retry: bool


Answer = Annotated[
    PersonView | NothingFound | Refused | ClaimReceipt | Failed,
    Field(discriminator="kind"),
]


class Reply(Contract):
    """What a reply holds once opened."""

    answer: Answer
