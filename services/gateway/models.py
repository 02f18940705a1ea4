"""What the API reads and answers at its edge. Fields that are not asked for are refused here."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts import asking
from shared.contracts.asking import Day, MonthText, StatedRelation
from shared.contracts.base import BusinessId, Instant, MunicipalityCode, Purpose, Role

IdempotencyKey = asking.IdempotencyKey
"""Made anew by the caller for each claim; sending a claim again with the same key registers nothing twice."""

IdentityCodeAsTyped = Annotated[str, Field(max_length=32, repr=False)]
"""A henkilötunnus as typed. Whether it is one is judged, and logged, by the gate."""


class Edge(BaseModel):
    """A body from outside."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class OnBehalf(Edge):
    """In whose name. Both may be left out when the session has chosen, or only one choice exists."""

    organisation: BusinessId | None = None
    member: MunicipalityCode | None = None


class StatedEmergency(Edge):
    """Sosiaalipäivystys: why this look-up cannot wait for a client relation. When it began, the gateway knows."""

    reason: Annotated[str, Field(max_length=1000)] = ""


class Search(Edge):
    """What every look-up (haku) says, by whichever channel: one identity code for one purpose."""

    identity_code: IdentityCodeAsTyped
    purpose: Purpose | None = None
    """Left out, the look-up is refused and logged."""
    informed: bool = False
    """The worker attests that the client was told beforehand (L 812/2000 21 §)."""
    relation: StatedRelation | None = None
    """The client relation that the worker states, for a client who has none that Kela knows of."""
    benefit: Annotated[str, Field(max_length=40)] | None = None
    """Show this benefit only."""
    first: Day | None = None
    """Show decisions and payments from this day on."""
    last: Day | None = None


class LookUpRequest(OnBehalf, Search):
    """One look-up by a signed-in worker."""

    emergency: StatedEmergency | None = None
    redisplay_of: UUID | None = None
    """Log event of the look-up that this one only filters: it is not charged again (golden R9)."""


class AdvanceOfMonth(Edge):
    """ToTuL 23: what was given as an advance for one month, in euros as typed."""

    month: MonthText
    amount: Annotated[str, Field(max_length=20)]


class CareOfClient(Edge):
    """AML 14: the care and its fee, in euros as typed."""

    first: Day | None = None
    last: Day | None = None
    fee: Annotated[str, Field(max_length=20)]
    income: Annotated[str, Field(max_length=20)]
    """All net income of the client in a month."""
    others: Annotated[str, Field(max_length=20)] = "0"
    """What the municipality collects of the fee from other payers."""
    unit: Annotated[str, Field(max_length=200)] = ""


class ClaimRequest(OnBehalf):
    """Registering a payment claim (maksuvaatimus). What the fields may hold is judged by the claim rules."""

    idempotency_key: IdempotencyKey
    identity_code: IdentityCodeAsTyped
    benefit: Annotated[str, Field(max_length=40)]
    ground: Annotated[str, Field(max_length=40)]
    first: Day | None = None
    last: Day | None = None
    amount: Annotated[str, Field(max_length=20)] | None = None
    """Euros as typed, or "all"."""
    handler_name: Annotated[str, Field(max_length=100)] = ""
    handler_phone: Annotated[str, Field(max_length=30)] = ""
    account: Annotated[str, Field(max_length=64)] = ""
    """Id of one of the agreement's confirmed accounts; an IBAN is never typed."""
    reference: Annotated[str, Field(max_length=40)] = ""
    assistance: Literal["basic", "supplementary", "preventive"] | None = None
    care_unit: Annotated[str, Field(max_length=100)] | None = None
    decided: Day | None = None
    """ToTuL 23: day of the assistance decision."""
    advances: Annotated[tuple[AdvanceOfMonth, ...], Field(max_length=120)] = ()
    """ToTuL 23: the advance of each month of the period."""
    care: CareOfClient | None = None
    """AML 14: what the claim rests on."""


class Choice(Edge):
    """On whose behalf to act from now on."""

    organisation: BusinessId
    member: MunicipalityCode


class OptionView(BaseModel):
    """One organisation and municipality that the person may act for."""

    organisation: BusinessId
    organisation_name: str
    member: MunicipalityCode
    member_name: str
    roles: tuple[Role, ...]


class Organisations(BaseModel):
    """Everything the person may choose from today."""

    organisations: tuple[OptionView, ...]


class SessionView(BaseModel):
    """Who is signed in, and in whose name requests are made."""

    name: str
    bound_to_person: bool
    """False for a sub-ID (alitunniste): every look-up of it is refused."""
    signed_in: Instant
    expires: Instant
    """When the session ends even if it is used all the time."""
    idle_expires: Instant
    """When it ends if it is not used before."""
    organisation: BusinessId | None
    member: MunicipalityCode | None
    roles: tuple[Role, ...]


class ProblemView(BaseModel):
    """Problem details (RFC 9457)."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str


class RefusedView(ProblemView):
    """A refusal: which rule and law decided it, and the id of the log event that tells of it."""

    rule: str
    law: str
    event: str | None


class AcceptedView(BaseModel):
    """A claim that was sent and whose receipt has not come yet."""

    idempotency_key: IdempotencyKey
    status_url: str
    advice: str
