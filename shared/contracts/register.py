"""The upstream benefit register's feed (`register.*`), keyed by the client's pseudonym.

A record on the bus is its id, version and client pseudonym in clear and the rest sealed (`RegisterRecord`).
The models below are what stands inside. An older version of a record changes nothing.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from shared.contracts.base import Contract, MunicipalityCode, Pseudonym, Sealed
from shared.money import Money

RecordId = Annotated[str, Field(min_length=1, max_length=64)]
BenefitCode = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]
Kind = Literal["person", "application", "decision", "payment"]


class RegisterRecord(Contract):
    """One version of one record of the register, as it travels."""

    ce_type: ClassVar[str] = "kelmu.register.record.v1"

    kind: Kind
    id: RecordId
    version: Annotated[int, Field(ge=1)]
    client: Pseudonym
    sealed: Sealed


class Link(Contract):
    """A relation to another person of the register, by pseudonym."""

    kind: Literal["parent", "child", "partner", "sibling"]
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


class Application(Contract):
    """Hakemus; pending until a decision answers it."""

    benefit: BenefitCode
    received: date
    stage: Literal["received", "in_process", "waiting_attachments", "decided"]
    estimated_decision: date | None = None


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

    @model_validator(mode="after")
    def _sums(self) -> "Payment":
        if self.gross - self.withheld != self.net:
            raise ValueError("net is not gross minus withheld")
        if self.last < self.first:
            raise ValueError("the period ends before it begins")
        return self
