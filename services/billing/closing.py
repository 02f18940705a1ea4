"""Closing a period: rate, number, store and announce its invoices, in one transaction.

A kill in the middle leaves nothing behind; a second run issues nothing again and says what it found. Usage without a
known agreement is parked and named, and billed by a later run once the agreement has arrived.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.billing.domain.composing import Heading, instalment_invoice, month_heading, usage_invoice
from services.billing.domain.instalments import (
    Instalment,
    PopulationMissingError,
    YearFee,
    due_date,
    instalment,
    year_fee,
)
from services.billing.domain.invoice import SERIES, Invoice, Kind, Numbering, Payer, digest_of, issue_year
from services.billing.domain.periods import BillingRefusedError, InstalmentPeriod, MonthPeriod
from services.billing.domain.rating import Rated, UnpricedError, rate_month
from services.billing.facts import meetings, memberships, payer_of
from services.billing.runs import Correction, Parked, Run
from services.billing.store import agreements, invoices, usage
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import BILLING_EVENTS
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import AgreementChanged
from shared.contracts.billing import AmountRolledOver, InvoiceIssued
from shared.directory.model import Directory
from shared.ids import event_id

SOURCE: Final = "billing"
_LOCK: Final = "billing.closing"


@asynccontextmanager
async def closing_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One snapshot, one transaction, one closer at a time.

    Raises:
        BillingRefusedError: ``close.busy`` when another run is at it.
    """
    async with engine.connect() as lock:
        taken = await lock.scalar(text("select pg_try_advisory_lock(hashtext(:name))"), {"name": _LOCK})
        if not taken:
            raise BillingRefusedError("close.busy", "Another closing is running.", "Wait until it has ended.")
        try:
            async with engine.connect() as conn:
                await conn.execution_options(isolation_level="REPEATABLE READ")
                async with conn.begin():
                    yield conn
        finally:
            await lock.execute(text("select pg_advisory_unlock(hashtext(:name))"), {"name": _LOCK})


async def close_month(
    conn: AsyncConnection, period: MonthPeriod, active_products: frozenset[str], now: datetime
) -> Run:
    """Invoice a month of use: one invoice for each agreement that is charged something."""
    name = str(period.month)
    run = Run(period.book.id, name)
    directory, known_until = await agreements.directory(conn)
    before = await invoices.invoiced(conn, run.book, name)
    today = helsinki_date(now)
    for agreement, used in sorted((await usage.month_usage(conn, period.month, active_products)).items()):
        try:
            rated = rate_month(period.book, used)
        except UnpricedError as error:
            run.parked.append(Parked(agreement, error.code, str(error)))
            continue
        if agreement in before:
            _compare(run, agreement, before[agreement], rated.total)
        elif not rated.total:
            run.free += bool(agreement)
        else:
            payer = _payer_or_parked(run, directory, directory.agreement(agreement), agreement, today)
            if payer:
                await _issue_month(conn, run, period, agreement, payer, rated, now)
    await _finish(conn, run, known_until, now)
    return run


async def issue_instalment(conn: AsyncConnection, period: InstalmentPeriod, now: datetime) -> Run:
    """Issue an instalment of the population fee to every agreement that bears inhabitants in the year.

    Raises:
        BillingRefusedError: ``instalment.previous_missing`` when the instalment before it was not run.
    """
    run = Run(period.book.id, str(period))
    await _previous_is_there(conn, period)
    directory, known_until = await agreements.directory(conn)
    before = await invoices.invoiced(conn, run.book, run.period)
    rolled = await invoices.rolled_over(conn, run.book, run.period)
    paid = await invoices.invoiced_by_member(conn, run.book, period.year)
    blocked = _blocked(directory, period.year)
    for agreement in directory.agreements():
        if agreement.id in before:
            run.already.append(before[agreement.id][0])
        elif agreement.id in blocked:
            run.parked.append(blocked[agreement.id])
        elif agreement.id not in rolled:
            await _one_instalment(conn, run, period, directory, agreement, paid.get(agreement.id, {}), now)
    await _finish(conn, run, known_until, now)
    return run


async def _one_instalment(
    conn: AsyncConnection,
    run: Run,
    period: InstalmentPeriod,
    directory: Directory,
    agreement: AgreementChanged,
    paid: dict[str, Decimal],
    now: datetime,
) -> None:
    year_end = period.year - period.terms.reference_years_back
    try:
        members = memberships(directory, agreement, period.year, year_end)
    except PopulationMissingError as error:
        run.parked.append(Parked(agreement.id, error.code, str(error)))
        return
    fee = year_fee(period.book, period.year, members)
    due = instalment(period.terms, period.number, fee, paid)
    if due.decision == "nothing":
        run.free += 1
    elif due.decision == "credit":
        reason = f"{-due.amount} more was invoiced than is due; it takes a credit note."
        run.parked.append(Parked(agreement.id, "instalment.credit", reason))
    elif due.decision == "invoice":
        payer = _payer_or_parked(run, directory, agreement, agreement.id, helsinki_date(now))
        if payer:
            await _issue_instalment(conn, run, period, agreement.id, payer, fee, due, now)
    else:
        await _roll_over(conn, run, agreement.id, due, now)


async def _issue_month(
    conn: AsyncConnection, run: Run, period: MonthPeriod, agreement: str, payer: Payer, rated: Rated, now: datetime
) -> None:
    numbering = await _number(conn, "usage_month", now)
    heading = month_heading(numbering, payer, agreement, period.book, period.month, now)
    await _issue(conn, run, usage_invoice(heading, rated))


async def _issue_instalment(
    conn: AsyncConnection,
    run: Run,
    period: InstalmentPeriod,
    agreement: str,
    payer: Payer,
    fee: YearFee,
    due: Instalment,
    now: datetime,
) -> None:
    heading = Heading(
        numbering=await _number(conn, "population_instalment", now),
        payer=payer,
        agreement=agreement,
        book=period.book,
        period=run.period,
        first_day=date(period.year, 1, 1),
        last_day=date(period.year, 12, 31),
        issued_at=now,
        due=due_date(period.terms, period.year, period.number),
    )
    invoice = instalment_invoice(heading, fee, due, period.number, len(period.terms.instalments))
    await _issue(conn, run, invoice)


async def _number(conn: AsyncConnection, kind: Kind, now: datetime) -> Numbering:
    year = issue_year(now)
    return Numbering(kind, year, await invoices.next_sequence(conn, SERIES[kind].letter, year))


async def _issue(conn: AsyncConnection, run: Run, invoice: Invoice) -> None:
    document = invoice.canonical()
    digest = digest_of(document)
    await invoices.add_invoice(conn, invoice, document, digest)
    event = InvoiceIssued(
        number=invoice.number,
        agreement=invoice.agreement,
        payer=invoice.payer.business_id,
        price_book=invoice.price_book,
        period=invoice.period,
        time=invoice.issued_at,
        due=invoice.due,
        total=invoice.total,
        digest=digest,
    )
    identity = event_id("invoice-issued", invoice.agreement, invoice.price_book, invoice.period)
    await outbox.write(
        conn,
        [Outgoing.of(BILLING_EVENTS, invoice.agreement, identity, event, source=SOURCE, time=invoice.issued_at)],
    )
    run.issued.append(invoice)


async def _roll_over(conn: AsyncConnection, run: Run, agreement: str, due: Instalment, now: datetime) -> None:
    waived = due.decision == "waived"
    await invoices.add_rolled_over(conn, agreement, run.book, run.period, due.amount, now, waived=waived)
    event = AmountRolledOver(
        agreement=agreement, price_book=run.book, period=run.period, time=now, amount=due.amount, waived=waived
    )
    identity = event_id("rolled-over", agreement, run.book, run.period)
    await outbox.write(conn, [Outgoing.of(BILLING_EVENTS, agreement, identity, event, source=SOURCE, time=now)])
    (run.waived if waived else run.rolled_over)[agreement] = due.amount


def _compare(run: Run, agreement: str, before: tuple[str, Decimal], rated: Decimal) -> None:
    number, invoiced = before
    run.already.append(number)
    if rated != invoiced:
        run.corrections.append(Correction(agreement, number, invoiced, rated))


def _payer_or_parked(
    run: Run, directory: Directory, agreement: AgreementChanged | None, agreement_id: str, today: date
) -> Payer | None:
    if agreement is None:
        reason = (
            "There is usage, but the agreement is not known here (yet)."
            if agreement_id
            else ("Charged usage names no agreement.")
        )
        run.parked.append(Parked(agreement_id, "close.unknown_agreement", reason))
        return None
    payer = payer_of(directory, agreement, today)
    if payer is None:
        reason = f"The organisation that pays for the agreement of {agreement.party} is not known."
        run.parked.append(Parked(agreement_id, "close.unknown_payer", reason))
    return payer


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


async def _finish(conn: AsyncConnection, run: Run, known_until: int, now: datetime) -> None:
    closing = invoices.Closing(run.book, run.period, known_until)
    await invoices.add_closing(conn, closing, now, issued=len(run.issued), parked=len(run.parked))
