"""Issuing an instalment of the population fee, in one transaction, to every agreement that bears inhabitants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.closing import finish
from services.billing.correcting import Waiting, correct_closed, first_rating, give_back
from services.billing.domain.composing import Heading, instalment_invoice
from services.billing.domain.corrections import Difference, Key, year_basis
from services.billing.domain.instalments import (
    Instalment,
    PopulationMissingError,
    YearFee,
    due_date,
    instalment,
    year_fee,
)
from services.billing.domain.invoice import Payer
from services.billing.domain.periods import BillingRefusedError, InstalmentPeriod
from services.billing.facts import meetings, memberships
from services.billing.issuing import Desk, desk, issue, numbering, payer_or_parked, publish
from services.billing.runs import Parked, Run
from services.billing.store import charges, invoices
from shared.contracts.agreements import AgreementChanged
from shared.contracts.billing import AmountRolledOver
from shared.directory.model import Directory
from shared.money import ZERO


@dataclass(frozen=True, slots=True)
class _Run:
    """One instalment for all agreements."""

    at: Desk
    period: InstalmentPeriod
    waiting: Waiting
    paid: Mapping[str, Mapping[str, Decimal]]
    """What each agreement was charged for the year, by member."""


async def issue_instalment(conn: AsyncConnection, period: InstalmentPeriod, prices: PriceData, now: datetime) -> Run:
    """Issue an instalment of the population fee to every agreement that bears inhabitants in the year.

    Args:
        conn: A closing transaction.
        period: The instalment, with its book.
        prices: Books and products.
        now: The business clock.

    Raises:
        BillingRefusedError: ``instalment.previous_missing`` when the instalment before it was not run;
            ``close.clock_back``.
    """
    run = Run(period.book.id, str(period))
    await _previous_is_there(conn, period)
    at = await desk(conn, prices, run, now)
    waiting = await correct_closed(at, (run.book, run.period))
    before = await charges.documents_of(conn, run.book, run.period)
    rolled = await invoices.rolled_over(conn, run.book, run.period)
    paid = await charges.parts_by_member(conn, run.book, _periods(period))
    blocked = _blocked(at.directory, period.year)
    for agreement in at.directory.agreements():
        if agreement.id in before:
            run.already.append(before[agreement.id])
        elif agreement.id in blocked:
            run.parked.append(blocked[agreement.id])
        elif agreement.id not in rolled:
            await _one(_Run(at, period, waiting, paid), agreement)
    await finish(at, waiting)
    return run


async def _one(of: _Run, agreement: AgreementChanged) -> None:
    at, period = of.at, of.period
    year_end = period.year - period.terms.reference_years_back
    try:
        members = memberships(at.directory, agreement, period.year, year_end)
    except PopulationMissingError as error:
        at.run.parked.append(Parked(agreement.id, error.code, str(error)))
        return
    fee = year_fee(period.book, period.year, members)
    due = instalment(period.terms, period.number, fee, of.paid.get(agreement.id, {}))
    if due.decision == "nothing":
        at.run.free += 1
    elif due.decision == "credit":
        await _credit(of, agreement.id, fee, due)
    elif due.decision == "invoice":
        payer = payer_or_parked(at, agreement, agreement.id)
        if payer:
            await _invoice(of, agreement.id, payer, fee, due)
    else:
        await _roll_over(at, agreement.id, due)


async def _invoice(of: _Run, agreement: str, payer: Payer, fee: YearFee, due: Instalment) -> None:
    at, period = of.at, of.period
    heading = Heading(
        numbering=await numbering(at, "population_instalment"),
        payer=payer,
        agreement=agreement,
        book=period.book,
        period=at.run.period,
        first_day=date(period.year, 1, 1),
        last_day=date(period.year, 12, 31),
        issued_at=at.now,
        due=due_date(period.terms, period.year, period.number),
    )
    extras = of.waiting.lines(agreement)
    count = len(period.terms.instalments)
    invoice = instalment_invoice(heading, fee, due, period.number, count, extras)
    await issue(at, invoice)
    await first_rating(at, Key(agreement, at.run.book, at.run.period), year_basis(fee), due.amount, invoice.number)
    await of.waiting.carried(agreement, invoice.number)


async def _credit(of: _Run, agreement: str, fee: YearFee, due: Instalment) -> None:
    already = sum(of.paid.get(agreement, {}).values(), ZERO)
    book = of.period.book.id
    keys = tuple(Key(agreement, book, one) for one in _periods(of.period))
    parts = {portion.member: portion.amount for line in due.lines for portion in line.portions if portion.amount}
    here = Key(agreement, book, str(of.period))
    await give_back(of.at, Difference(here, already + due.amount, already, year_basis(fee), keys, parts))


async def _roll_over(at: Desk, agreement: str, due: Instalment) -> None:
    run, waived = at.run, due.decision == "waived"
    await invoices.add_rolled_over(at.conn, agreement, run.book, run.period, due.amount, at.now, waived=waived)
    event = AmountRolledOver(
        agreement=agreement, price_book=run.book, period=run.period, time=at.now, amount=due.amount, waived=waived
    )
    await publish(at, agreement, ("rolled-over", agreement, run.book, run.period), event)
    (run.waived if waived else run.rolled_over)[agreement] = due.amount


def _periods(period: InstalmentPeriod) -> list[str]:
    return [f"{period.year}/{number}" for number in range(1, len(period.terms.instalments) + 1)]


def _blocked(directory: Directory, year: int) -> dict[str, Parked]:
    blocked: dict[str, Parked] = {}
    for meeting in meetings(directory.agreements(), year):
        both = " and ".join(meeting.agreements)
        reason = f"The population of {meeting.municipality} is borne by both {both} on {meeting.day}."
        for agreement in meeting.agreements:
            blocked[agreement] = Parked(agreement, "instalment.borne_twice", reason)
    return blocked


async def _previous_is_there(conn: AsyncConnection, period: InstalmentPeriod) -> None:
    previous = f"{period.year}/{period.number - 1}"
    done = {(closing.book, closing.period) for closing in await invoices.closings(conn)}
    if period.number > 1 and (period.book.id, previous) not in done:
        raise BillingRefusedError(
            "instalment.previous_missing",
            f"Instalment {previous} was not issued.",
            f"Issue it first: kelmu billing instalment {previous}.",
        )
