"""Demands for rectification (oikaisuvaatimus, L 150/1992 11 b §): what may be demanded, and what may be given back.

A demand names an invoice or one of its lines. While it is open, the line rests: nobody is dunned for it. A demand
that comes later than six months after the invoice's date is registered and answered as out of time, unless Kela erred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from services.billing.domain.invoice import Charged, Invoice, Line
from services.billing.domain.periods import BillingRefusedError
from shared.finnish.identity_code import contains_identity_code
from shared.money import ZERO, allocate

Outcome = Literal["accepted", "partly_accepted", "rejected", "out_of_time"]
GROUNDS_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Demand:
    """A registered demand.

    Attributes:
        id: Such as `K2017-00001-D1`.
        invoice: Number of the invoice.
        row: The line; None for the whole invoice.
        received: When Kela received it.
        grounds: The payer's grounds; nothing personal.
        kela_erred: Whether a late one is taken up because the error was Kela's own.
    """

    id: str
    invoice: str
    row: int | None
    received: date
    grounds: str
    kela_erred: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """How a demand was decided.

    Attributes:
        demand: Its id.
        outcome: What was decided.
        amount: Given back, above or equal to zero.
        grounds: Why.
        document: The credit note, if one was issued.
        decided_at: When.
    """

    demand: str
    outcome: Outcome
    amount: Decimal
    grounds: str
    document: str | None
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """What was demanded of an invoice before: each demand with its decision, None while it is open."""

    demands: Sequence[tuple[Demand, Decision | None]]

    @property
    def open(self) -> list[Demand]:
        """Demands not decided."""
        return [demand for demand, decision in self.demands if decision is None]

    def decided_by(self, note: str) -> Demand | None:
        """The demand whose decision a credit note carries out; None of a note that corrects."""
        return next((demand for demand, found in self.demands if found and found.document == note), None)


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a credit note took back of one thing that its invoice charges for, above zero."""

    note: str
    charged: Charged
    amount: Decimal


def register(invoice: Invoice, history: History, wanted: Demand, today: date) -> None:
    """Whether a demand can be registered.

    Raises:
        BillingRefusedError: ``demand.credit_note``, ``demand.no_row``, ``demand.day``, ``demand.open`` or
            ``demand.grounds``.
    """
    if invoice.credits is not None:
        raise BillingRefusedError(
            "demand.credit_note",
            f"{invoice.number} is a credit note: it asks for nothing.",
            f"Register the demand for {invoice.credits}.",
        )
    if wanted.row is not None and wanted.row not in {line.row for line in invoice.lines}:
        raise BillingRefusedError(
            "demand.no_row", f"{invoice.number} has no line {wanted.row}.", f"It has lines 1 to {len(invoice.lines)}."
        )
    if not invoice.issued_on <= wanted.received <= today:
        raise BillingRefusedError(
            "demand.day",
            f"{wanted.received} lies before the invoice of {invoice.issued_on} or after today, {today}.",
            "Give the day on which Kela received the demand.",
        )
    for other in history.open:
        if other.row is None or wanted.row is None or other.row == wanted.row:
            raise BillingRefusedError(
                "demand.open", f"{other.id} is open for the same line.", "Decide it before another is registered."
            )
    check_grounds(wanted.grounds)


def is_late(invoice: Invoice, demand: Demand) -> bool:
    """Whether a demand came after its time and is to be answered so."""
    return demand.received > invoice.rectification_until and not demand.kela_erred


def check_grounds(grounds: str) -> None:
    """Refuse grounds that say nothing, too much, or something personal.

    Raises:
        BillingRefusedError: ``demand.grounds``.
    """
    if not grounds.strip() or len(grounds) > GROUNDS_LENGTH:
        raise BillingRefusedError(
            "demand.grounds", f"Grounds are 1 to {GROUNDS_LENGTH} characters.", "State them briefly."
        )
    if contains_identity_code(grounds):
        raise BillingRefusedError(
            "demand.grounds", "The grounds hold a personal identity code.", "Refer to the case without naming anyone."
        )


def standing(invoice: Invoice, history: History, notes: Sequence[TakenBack]) -> dict[int, Decimal]:
    """What stands of each line after its notes: it can be frozen, and given back, no further.

    A decision gives back of a line; a correction takes back of a period, and so of all its lines by what stood of them.

    Args:
        invoice: The invoice.
        history: Demands and decisions.
        notes: What its credit notes took back, in order of issue.
    """
    left = {line.row: max(line.amount, ZERO) for line in invoice.lines}
    for one in notes:
        demand = history.decided_by(one.note)
        rows = [line.row for line in invoice.lines if line.charged == one.charged]
        if demand is not None and demand.row is not None:
            rows = [demand.row]
        weights = [left[row] for row in rows]
        if any(weights):
            for row, part in zip(rows, allocate(one.amount, weights), strict=True):
                left[row] = max(left[row] - part, ZERO)
    return left


def frozen(invoice: Invoice, history: History, credited: Decimal, notes: Sequence[TakenBack]) -> Decimal:
    """What rests of an invoice while demands are open: what stands of their lines, never more than of the invoice."""
    rows = {demand.row for demand in history.open}
    left = max(invoice.total - credited, ZERO)
    if not rows or None in rows:
        return left if rows else ZERO
    return min(sum((part for row, part in standing(invoice, history, notes).items() if row in rows), ZERO), left)


def most(invoice: Invoice, history: History, row: int | None, credited: Decimal, notes: Sequence[TakenBack]) -> Decimal:
    """The most that a decision may give back: what stands of the line, or of the invoice.

    Args:
        invoice: The invoice.
        history: Demands and decisions before.
        row: The line; None for the whole invoice.
        credited: What credit notes took back of the invoice.
        notes: What they took back, in order of issue.
    """
    left = invoice.total - credited
    if row is not None:
        left = min(left, standing(invoice, history, notes)[row])
    return max(left, ZERO)


def amount_of(outcome: Outcome, amount: Decimal | None, limit: Decimal) -> Decimal:
    """What a decision gives back.

    Args:
        outcome: What was decided.
        amount: As stated; needed where the demand is accepted in part.
        limit: The most that may be given back.

    Raises:
        BillingRefusedError: ``decision.amount``.
    """
    found = amount if amount is not None else (limit if outcome == "accepted" else ZERO)
    lowest = ZERO < found <= limit
    fits = {"accepted": lowest, "partly_accepted": lowest and found < limit}.get(outcome, found == 0)
    if not fits:
        bounds = {"accepted": f"up to {limit}", "partly_accepted": f"above 0.00 and below {limit}"}
        raise BillingRefusedError(
            "decision.amount",
            f"{found} € does not go with this decision: it gives back {bounds.get(outcome, '0.00')} €.",
            "Correct the amount or the decision.",
        )
    return found


def shares(
    invoice: Invoice, row: int | None, amount: Decimal, left: Mapping[int, Decimal]
) -> list[tuple[Line, Decimal, dict[str, Decimal]]]:
    """Which lines give back how much, by what stands of them, and each member's part, by their sizes."""
    lines = [line_of(invoice, row)] if row is not None else [line for line in invoice.lines if left[line.row]]
    found = []
    for line, here in zip(lines, allocate(amount, [left[line.row] for line in lines]), strict=True):
        members = {part.municipality: abs(part.amount) for part in line.parts}
        weights = list(members.values())
        parts = allocate(here, weights if any(weights) else [1] * len(weights)) if members else []
        if here:
            found.append((line, here, {code: part for code, part in zip(members, parts, strict=True) if part}))
    return found


def line_of(invoice: Invoice, row: int) -> Line:
    """A line by its row."""
    return next(line for line in invoice.lines if line.row == row)
