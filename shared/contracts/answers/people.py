"""Answers to a look-up: one client's benefits on one screen."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.access import Relation
from shared.contracts.base import Contract, Instant, MunicipalityCode


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
