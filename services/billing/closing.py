"""Closing a month of use: rate, number, store and announce its invoices, in one transaction.

A second run issues nothing again and says what it found. Usage without a known agreement is parked and named, and
billed by a later run once the agreement has arrived.
"""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.correcting import Waiting, correct_closed, first_rating
from services.billing.domain.composing import month_heading, usage_invoice
from services.billing.domain.corrections import Key, month_basis
from services.billing.domain.periods import MonthPeriod
from services.billing.domain.rating import MonthUsage, RatingError, rate_month
from services.billing.facts import uncovered
from services.billing.issuing import Desk, desk, issue, numbering, payer_or_parked
from services.billing.runs import Parked, Run
from services.billing.store import charges, invoices, usage


async def close_month(conn: AsyncConnection, period: MonthPeriod, prices: PriceData, now: datetime) -> Run:
    """Invoice a month of use: one invoice for each agreement that is charged something.

    Earlier months and years are corrected on the way: notes are issued, and the invoices carry what came late.

    Args:
        conn: A closing transaction.
        period: The month, with its book.
        prices: Books and products.
        now: The business clock.

    Raises:
        BillingRefusedError: ``close.clock_back``.
    """
    run = Run(period.book.id, str(period.month))
    at = await desk(conn, prices, run, now)
    waiting = await correct_closed(at, (run.book, run.period))
    before = await charges.documents_of(conn, run.book, run.period)
    acting = prices.products.active_products
    used = await usage.month_usage(conn, period.month, acting)
    days = await usage.days_used(conn, period.month, period.book.charging(acting))
    for agreement in sorted(used):
        if agreement in before:
            run.already.append(before[agreement])
        elif (reason := uncovered(at.directory.agreement(agreement), days.get(agreement))) is not None:
            run.parked.append(Parked(agreement, "close.ended_agreement", reason))
        else:
            await _one_month(at, period, agreement, used[agreement], waiting)
    await finish(at, waiting)
    return run


async def finish(at: Desk, waiting: Waiting) -> None:
    """End a run that closed a period."""
    waiting.leave()
    closing = invoices.Closing(at.run.book, at.run.period, at.known_until, at.now)
    await invoices.add_closing(at.conn, closing, issued=len(at.run.issued), parked=len(at.run.parked))


async def _one_month(at: Desk, period: MonthPeriod, agreement: str, used: MonthUsage, waiting: Waiting) -> None:
    try:
        rated = rate_month(period.book, used)
    except RatingError as error:
        at.run.parked.append(Parked(agreement, error.code, str(error)))
        return
    if not rated.total:
        at.run.free += bool(agreement)
        return
    payer = payer_or_parked(at, at.directory.agreement(agreement), agreement)
    if payer is None:
        return
    number = await numbering(at, "usage_month")
    heading = month_heading(number, payer, agreement, period.book, period.month, at.now)
    await issue(at, usage_invoice(heading, rated, waiting.lines(agreement)))
    await first_rating(at, Key(agreement, at.run.book, at.run.period), month_basis(used), rated.total, number.number)
    await waiting.carried(agreement, number.number)
