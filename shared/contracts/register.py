"""The upstream benefit register's feed (`register.*`), keyed by the client's pseudonym.

A record on the bus is its id, version and client pseudonym in clear and the rest sealed (`RegisterRecord`).
The models below are what stands inside. An older version of a record changes nothing.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from shared.contracts.base import Contract, Instant, MunicipalityCode, Pseudonym, Sealed
from shared.money import Money

RecordId = Annotated[str, Field(min_length=1, max_length=64)]
BenefitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Kind = Literal["person", "application", "decision", "payment", "insurance", "recovery", "medicine", "notice"]


class RegisterRecord(Contract):
    """One version of one record of the register, as it travels."""

    ce_type: ClassVar[str] = "kelmu.register.record.v1"

    kind: Kind
    id: RecordId
    version: Annotated[int, Field(ge=1)]
    client: Pseudonym
    sealed: Sealed
    withdrawn: bool = False
    """Mitätöity: the record was an error. An entry like any other; it is counted and not shown."""


LinkKind = Literal["parent", "child", "partner", "former_partner", "sibling"]
"""What the other one is to the person."""


class Link(Contract):
    """A relation to another person of the register, by pseudonym."""

    kind: LinkKind
    client: Pseudonym


class Person(Contract):
    """Who a client is. Lives sealed on the bus and in the read model of lookup only."""

    identity_code: str
    last_name: str
    first_names: str
    municipality: MunicipalityCode
    language: Literal["fi", "sv"]
    safety_prohibition: bool = False
    """Turvakielto: contact details and home municipality are hidden."""
    died: date | None = None
    links: tuple[Link, ...] = ()
    address: str | None = None
    phone: str | None = None
    minor_forbids: bool = False
    """A minor has forbidden that these data be given to the guardian (L 812/2000 11 §)."""


class Application(Contract):
    """Hakemus; pending until a decision answers it."""

    benefit: BenefitCode
    received: date
    stage: Literal["received", "in_process", "waiting_attachments", "decided"]
    estimated_decision: date | None = None
    stage_since: date | None = None
    missing: tuple[str, ...] = ()
    """Attachments that Kela waits for, in words."""


class Interruption(Contract):
    """Keskeytys: days on which a granted benefit is not paid."""

    first: date
    last: date | None = None
    reason: str


class Decision(Contract):
    """Ratkaisu on one application."""

    application: RecordId
    benefit: BenefitCode
    decided: date
    result: Literal["granted", "refused"]
    first: date | None = None
    last: date | None = None
    amount: Money | None = None
    """Euros a month or a day, gross, as the benefit's rhythm says."""
    payee: Pseudonym
    """To whom it is paid: for child benefit the parent, not the child."""
    terms: str | None = None
    interruptions: tuple[Interruption, ...] = ()


class Payment(Contract):
    """Maksu: one payment of one decision on one payday."""

    decision: RecordId
    benefit: BenefitCode
    payday: date
    first: date
    last: date
    gross: Money
    withheld: Money
    net: Money
    paid_to: Literal["client", "municipality", "other"]
    recovered: Money = Decimal(0)
    """Of what was withheld, Kela's own recovery; the rest is tax."""

    @model_validator(mode="after")
    def _sums(self) -> "Payment":
        if self.gross - self.withheld != self.net:
            raise PydanticCustomError("sums", "net is not gross minus withheld")
        if not 0 <= self.recovered <= self.withheld:
            raise PydanticCustomError("recovered", "the recovery is not within what was withheld")
        if self.last < self.first:
            raise PydanticCustomError("reversed", "the period ends before it begins")
        return self


class Insurance(Contract):
    """Vakuuttaminen: whether the client is covered by residence-based social security."""

    covered: bool
    first: date
    last: date | None = None


class Recovery(Contract):
    """Takaisinperintä: a benefit paid without ground, and what is left to recover."""

    benefit: BenefitCode
    decided: date
    total: Money
    remaining: Money


class Medicine(Contract):
    """Lääkekatto: the annual ceiling on medicine costs."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    ceiling: Money
    used: Money
    reached: date | None = None


class Attachment(Contract):
    """Liite of an application, by reference."""

    name: Annotated[str, Field(max_length=200)]
    media_type: str
    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


NoticeType = Literal[
    "contact",
    "need_of_social_work",
    "urgent_application",
    "young_unemployed",
    "unemployed",
    "immigrant",
    "supplementary_assistance",
    "preventive_assistance",
    "reduced_basic_part",
]


class Notice(Contract):
    """eTotu: Kela tells a municipality of a client's need, or passes an application on (domain 3.4)."""

    type: NoticeType
    municipality: MunicipalityCode
    created: Instant
    decided: date | None = None
    """Day of the basic-assistance decision, where the notice follows one."""
    application: bool = False
    """It carries an application for supplementary or preventive assistance: a statutory deadline starts."""
    urgent: bool = False
    phone: str | None = None
    text: Annotated[str, Field(max_length=4000)] = ""
    attachments: tuple[Attachment, ...] = ()
