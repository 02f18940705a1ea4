"""Registers and decides demands for rectification (oikaisuvaatimus); what is given back is a credit note."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.domain.composing import RECTIFIED, ExtraLine
from services.billing.domain.corrections import line_text
from services.billing.domain.invoice import Invoice
from services.billing.domain.periods import BillingRefusedError
from services.billing.domain.rectifying import (
    Decision,
    Demand,
    Outcome,
    amount_of,
    check_grounds,
    is_late,
    most,
    register,
    shares,
    standing,
)
from services.billing.domain.texts import LINES
from services.billing.facts import name_of
from services.billing.issuing import Desk, credit, desk, publish
from services.billing.runs import Run
from services.billing.store import charges, invoices, rectifications
from shared.contracts.base import Text
from shared.contracts.billing import RectificationDecided, RectificationDemanded
from shared.money import ZERO

OUT_OF_TIME = "The demand came later than six months after the date of the invoice (L 150/1992 11 b §)."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A demand as it was received."""

    invoice: str
    row: int | None
    received: date
    grounds: str
    kela_erred: bool = False


async def demand(
    conn: AsyncConnection, prices: PriceData, wanted: Wanted, now: datetime
) -> tuple[Demand, Decision | None]:
    """Register a demand; one that came too late is answered at once.

    Args:
        conn: A closing transaction, so that nothing else touches the invoice.
        prices: Books and products.
        wanted: The demand.
        now: The business clock.

    Raises:
        BillingRefusedError: ``demand.unknown_invoice``, or as `register` says.
    """
    at = await desk(conn, prices, Run("", "rectification"), now)
    invoice = await _invoice(conn, wanted.invoice)
    history = await rectifications.history(conn, invoice.number)
    made = Demand(
        f"{invoice.number}-D{len(history.demands) + 1}",
        invoice.number,
        wanted.row,
        wanted.received,
        wanted.grounds,
        wanted.kela_erred,
    )
    register(invoice, history, made, at.today)
    await rectifications.add_demand(conn, made, now)
    event = RectificationDemanded(
        demand=made.id,
        number=invoice.number,
        row=made.row,
        agreement=invoice.agreement,
        received=made.received,
        time=now,
    )
    await publish(at, invoice.agreement, ("rectification-demanded", made.id), event)
    if is_late(invoice, made):
        late = Decision(made.id, "out_of_time", ZERO, OUT_OF_TIME, None, at.now)
        return made, await _conclude(at, invoice, late)
    return made, None


async def decide(
    conn: AsyncConnection,
    prices: PriceData,
    demand_id: str,
    outcome: Outcome,
    amount: Decimal | None,
    grounds: str,
    now: datetime,
) -> Decision:
    """Decide a demand, and give back by a credit note what the decision says.

    Args:
        conn: A closing transaction.
        prices: Books and products.
        demand_id: The demand.
        outcome: The decision.
        amount: What is given back; left out, all that stands of the line where the demand is accepted.
        grounds: Why; they go to the payer.
        now: The business clock.

    Raises:
        BillingRefusedError: ``decision.unknown_demand``, ``decision.decided``, ``decision.amount`` or
            ``demand.grounds``.
    """
    at = await desk(conn, prices, Run("", "rectification"), now)
    found = await rectifications.find(conn, demand_id)
    if found is None:
        raise BillingRefusedError(
            "decision.unknown_demand", f"There is no demand {demand_id}.", "List them: kelmu billing demands."
        )
    made, before = found
    if before is not None:
        raise BillingRefusedError(
            "decision.decided",
            f"{made.id} was decided before: {before.outcome}, {before.amount} €.",
            "A decision stands; the payer may appeal.",
        )
    check_grounds(grounds)
    invoice = await _invoice(conn, made.invoice)
    history = await rectifications.history(conn, invoice.number)
    credited = await invoices.credited(conn, invoice.number)
    notes = await charges.taken_back(conn, invoice)
    given = amount_of(outcome, amount, most(invoice, history, made.row, credited, notes))
    note = await _give_back(at, invoice, made, given, standing(invoice, history, notes)) if given else None
    return await _conclude(at, invoice, Decision(made.id, outcome, given, grounds, note, at.now))


async def _conclude(at: Desk, invoice: Invoice, decision: Decision) -> Decision:
    await rectifications.add_decision(at.conn, decision)
    event = RectificationDecided(
        demand=decision.demand,
        number=invoice.number,
        agreement=invoice.agreement,
        outcome=decision.outcome,
        amount=decision.amount,
        document=decision.document,
        time=at.now,
    )
    await publish(at, invoice.agreement, ("rectification-decided", decision.demand), event)
    return decision


async def _give_back(at: Desk, invoice: Invoice, made: Demand, amount: Decimal, left: Mapping[int, Decimal]) -> str:
    lines = []
    for line, here, parts in shares(invoice, made.row, amount, left):
        agreement = at.directory.agreement(line.charged.agreement)
        name = name_of(at.directory, agreement) if agreement else Text(fi="", sv="", en="")
        lines.append(
            ExtraLine(
                charged=line.charged,
                why="rectification",
                text=line_text(name, line.charged.period, LINES[RECTIFIED]),
                calculation=f"{made.id}; {invoice.number} {line.row}: {-here}",
                amount=-here,
                parts={code: -part for code, part in parts.items()},
                book=at.book(line.charged.price_book),
            )
        )
    return (await credit(at, invoice, lines, at.book(invoice.price_book), "rectification")).number


async def _invoice(conn: AsyncConnection, number: str) -> Invoice:
    invoice = await invoices.find(conn, number)
    if invoice is None:
        raise BillingRefusedError("demand.unknown_invoice", f"There is no invoice {number}.", "Check the number.")
    return invoice
