"""Registers and decides demands for rectification (oikaisuvaatimus); what is given back is a credit note."""

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
    line_of,
    most,
    register,
    shares,
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
        return made, await _conclude(at, invoice, made, "out_of_time", ZERO, OUT_OF_TIME)
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
    of_line = None if made.row is None else line_of(invoice, made.row).charged
    corrected = ZERO if of_line is None else await charges.taken_back(conn, invoice.number, of_line)
    limit = most(invoice, history, made.row, credited, corrected=corrected)
    return await _conclude(at, invoice, made, outcome, amount_of(outcome, amount, limit), grounds)


async def _conclude(
    at: Desk, invoice: Invoice, made: Demand, outcome: Outcome, amount: Decimal, grounds: str
) -> Decision:
    note = await _give_back(at, invoice, made, amount) if amount else None
    decision = Decision(made.id, outcome, amount, grounds, note.number if note else None, at.now)
    await rectifications.add_decision(at.conn, decision)
    event = RectificationDecided(
        demand=made.id,
        number=invoice.number,
        agreement=invoice.agreement,
        outcome=outcome,
        amount=amount,
        document=decision.document,
        time=at.now,
    )
    await publish(at, invoice.agreement, ("rectification-decided", made.id), event)
    return decision


async def _give_back(at: Desk, invoice: Invoice, made: Demand, amount: Decimal) -> Invoice:
    lines = []
    for line, here, parts in shares(invoice, made.row, amount):
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
    return await credit(at, invoice, lines, at.book(invoice.price_book), "rectification")


async def _invoice(conn: AsyncConnection, number: str) -> Invoice:
    invoice = await invoices.find(conn, number)
    if invoice is None:
        raise BillingRefusedError("demand.unknown_invoice", f"There is no invoice {number}.", "Check the number.")
    return invoice
