"""Issuing documents: one closer at a time, the next number, the document, its event, all in one transaction.

A kill in the middle leaves nothing behind, neither an invoice nor a gap in the numbers.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.billing.book_files import PriceData
from services.billing.domain.book import PriceBook
from services.billing.domain.composing import ExtraLine, Heading, extra_invoice
from services.billing.domain.invoice import SERIES, Invoice, Kind, Numbering, Payer, digest_of, issue_year
from services.billing.domain.periods import BillingRefusedError
from services.billing.facts import payer_of
from services.billing.runs import Parked, Run
from services.billing.settling import settle
from services.billing.store import agreements, invoices
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import BILLING_EVENTS
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Contract
from shared.contracts.billing import InvoiceCredited, InvoiceIssued
from shared.directory.model import Directory
from shared.ids import event_id

SOURCE: Final = "billing"
_LOCK: Final = "billing.closing"


@asynccontextmanager
async def closing_transaction(engine: AsyncEngine, *, keep: bool = True) -> AsyncIterator[AsyncConnection]:
    """One snapshot, one transaction, one closer at a time.

    Args:
        engine: Billing's database.
        keep: False undoes everything at the end: what a draft is made by.

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
                async with conn.begin() as transaction:
                    yield conn
                    if not keep:
                        await transaction.rollback()
        finally:
            await lock.execute(text("select pg_advisory_unlock(hashtext(:name))"), {"name": _LOCK})


@dataclass(frozen=True, slots=True)
class Desk:
    """What one run works with."""

    conn: AsyncConnection
    prices: PriceData
    directory: Directory
    known_until: int
    now: datetime
    run: Run

    @property
    def today(self) -> date:
        """The business day in Finland."""
        return helsinki_date(self.now)

    def book(self, book_id: str) -> PriceBook:
        """A book in the version known now: a version that changes the past leads to corrections."""
        return self.prices.books.get(book_id, self.now)


async def desk(conn: AsyncConnection, prices: PriceData, run: Run, now: datetime) -> Desk:
    """Begin a run by the facts known now.

    Raises:
        BillingRefusedError: ``close.clock_back`` when a document is dated later than the business clock: numbers
            would no longer follow the dates.
    """
    last = await invoices.last_moment(conn)
    if last is not None and now < last:
        raise BillingRefusedError(
            "close.clock_back",
            f"The last document or closing is of {last.isoformat()}, but the business clock says {now.isoformat()}.",
            "Set the clock right; nothing was issued.",
        )
    directory, known_until = await agreements.directory(conn)
    return Desk(conn, prices, directory, known_until, now, run)


async def numbering(at: Desk, kind: Kind) -> Numbering:
    """The next number of a kind's series in the year of issue."""
    year = issue_year(at.now)
    return Numbering(kind, year, await invoices.next_sequence(at.conn, SERIES[kind].letter, year))


async def publish(at: Desk, key: str, identity: Sequence[str], event: Contract) -> None:
    """Write an event to the outbox, its id derived from what happened."""
    message = Outgoing.of(BILLING_EVENTS, key, event_id(*identity), event, source=SOURCE, time=at.now)
    await outbox.write(at.conn, [message])


async def issue(at: Desk, invoice: Invoice) -> None:
    """Store and announce an invoice."""
    digest = await _store(at, invoice)
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
    # A period is invoiced once; of correction invoices there may be several.
    once = (invoice.number,) if invoice.kind == "correction" else ()
    identity = ("invoice-issued", invoice.agreement, invoice.price_book, invoice.period, *once)
    await publish(at, invoice.agreement, identity, event)
    at.run.issued.append(invoice)


async def credit(
    at: Desk, invoice: Invoice, lines: Sequence[ExtraLine], book: PriceBook, why: Literal["correction", "rectification"]
) -> Invoice:
    """Issue a credit note against an invoice; to whoever pays now, who else was asked to pay then."""
    agreement = at.directory.agreement(invoice.agreement)
    payer = payer_of(at.directory, agreement, at.today) if agreement else None
    heading = Heading(
        numbering=await numbering(at, "credit_note"),
        payer=payer or invoice.payer,
        agreement=invoice.agreement,
        book=book,
        period=invoice.period,
        first_day=invoice.first_day,
        last_day=invoice.last_day,
        issued_at=at.now,
        due=at.today,
        credits=invoice.number,
        credits_issued_on=invoice.issued_on,
    )
    note = extra_invoice(heading, lines)
    digest = await _store(at, note)
    event = InvoiceCredited(
        number=note.number,
        credits=invoice.number,
        agreement=note.agreement,
        payer=note.payer.business_id,
        price_book=note.price_book,
        period=note.period,
        time=at.now,
        total=note.total,
        why=why,
        digest=digest,
    )
    await publish(at, note.agreement, ("invoice-credited", note.number), event)
    await settle(at.conn, invoice.number, at.now)
    at.run.credited.append(note)
    return note


async def _store(at: Desk, invoice: Invoice) -> str:
    document = invoice.canonical()
    digest = digest_of(document)
    await invoices.add_invoice(at.conn, invoice, document, digest)
    return digest


def payer_or_parked(at: Desk, agreement: AgreementChanged | None, agreement_id: str) -> Payer | None:
    """Who pays for an agreement today; parks it by name when that is not known."""
    if agreement is None:
        reason = (
            "There is usage, but the agreement is not known here (yet)."
            if agreement_id
            else "Charged usage names no agreement."
        )
        at.run.parked.append(Parked(agreement_id, "close.unknown_agreement", reason))
        return None
    payer = payer_of(at.directory, agreement, at.today)
    if payer is None:
        reason = f"The organisation that pays for the agreement of {agreement.party} is not known."
        at.run.parked.append(Parked(agreement_id, "close.unknown_payer", reason))
    return payer
