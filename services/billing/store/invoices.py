"""Invoices and what was rolled over or waived; once written, these rows never change."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.invoice import Invoice


async def next_sequence(conn: AsyncConnection, series: str, year: int) -> int:
    """Take the next invoice number of a series and year; gapless, because it is given back if nothing commits."""
    return int(
        await conn.scalar(
            text(
                "insert into invoice_counter as c (series, year, last) values (:series, :year, 1) "
                "on conflict (series, year) do update set last = c.last + 1 returning last"
            ),
            {"series": series, "year": year},
        )
        or 0
    )


async def add_invoice(conn: AsyncConnection, invoice: Invoice, document: bytes, digest: str) -> None:
    """Store an issued document for ever, and what each of its lines charges for."""
    await conn.execute(
        text(
            "insert into invoice (number, series, year, sequence, kind, credits, agreement, payer, book, period, "
            "total, due, issued_at, document, digest) values (:number, :series, :year, :sequence, :kind, :credits, "
            ":agreement, :payer, :book, :period, :total, :due, :issued_at, :document, :digest)"
        ),
        {
            "number": invoice.number,
            "series": invoice.series,
            "year": invoice.year,
            "sequence": invoice.sequence,
            "kind": invoice.kind,
            "credits": invoice.credits,
            "agreement": invoice.agreement,
            "payer": invoice.payer.business_id,
            "book": invoice.price_book,
            "period": invoice.period,
            "total": invoice.total,
            "due": invoice.due,
            "issued_at": invoice.issued_at,
            "document": document,
            "digest": digest,
        },
    )
    await conn.execute(
        text(
            "insert into charge (document, row, agreement, book, period, why, amount) "
            "values (:document, :row, :agreement, :book, :period, :why, :amount)"
        ),
        [
            {
                "document": invoice.number,
                "row": line.row,
                "agreement": line.charged.agreement,
                "book": line.charged.price_book,
                "period": line.charged.period,
                "why": line.why,
                "amount": line.amount,
            }
            for line in invoice.lines
        ],
    )


async def find(conn: AsyncConnection, number: str) -> Invoice | None:
    """A document by its number."""
    document = await conn.scalar(text("select document from invoice where number = :number"), {"number": number})
    return None if document is None else Invoice.model_validate_json(document)


async def credited(conn: AsyncConnection, number: str) -> Decimal:
    """What credit notes have taken back from an invoice, above or equal to zero."""
    amount: Decimal = await conn.scalar(
        text("select coalesce(-sum(total), 0.00) from invoice where credits = :number"), {"number": number}
    ) or Decimal(0)
    return amount


async def last_moment(conn: AsyncConnection) -> datetime | None:
    """When the last document was issued or the last period closed, on the business clock."""
    found: datetime | None = await conn.scalar(
        text("select greatest((select max(issued_at) from invoice), (select max(closed_at) from closing))")
    )
    return found


async def add_rolled_over(
    conn: AsyncConnection, agreement: str, book: str, period: str, amount: Decimal, at: datetime, *, waived: bool
) -> None:
    """Store that an amount was carried to the next instalment, or waived."""
    await conn.execute(
        text(
            "insert into rolled_over (agreement, book, period, amount, waived, decided_at) "
            "values (:agreement, :book, :period, :amount, :waived, :at)"
        ),
        {"agreement": agreement, "book": book, "period": period, "amount": amount, "waived": waived, "at": at},
    )


async def rolled_over(conn: AsyncConnection, book: str, period: str) -> dict[str, tuple[Decimal, bool]]:
    """Amount and whether it was waived, of each agreement in a period."""
    rows = await conn.execute(
        text("select agreement, amount, waived from rolled_over where book = :book and period = :period"),
        {"book": book, "period": period},
    )
    return {row.agreement: (row.amount, row.waived) for row in rows}


async def all_rolled_over(conn: AsyncConnection) -> list[tuple[str, str, str, Decimal, bool]]:
    """Agreement, book, period, amount and whether it was waived, in order."""
    rows = await conn.execute(
        text("select agreement, book, period, amount, waived from rolled_over order by book, period, agreement")
    )
    return [(row.agreement, row.book, row.period, row.amount, row.waived) for row in rows]


@dataclass(frozen=True, slots=True)
class Closing:
    """A run that closed a period: which agreements events it knew, and when that was on the business clock."""

    book: str
    period: str
    agreements_until: int
    closed_at: datetime


async def add_closing(conn: AsyncConnection, closing: Closing, *, issued: int, parked: int) -> None:
    """Record a run."""
    await conn.execute(
        text(
            "insert into closing (book, period, closed_at, agreements_until, issued, parked) "
            "values (:book, :period, :closed_at, :until, :issued, :parked)"
        ),
        {
            "book": closing.book,
            "period": closing.period,
            "closed_at": closing.closed_at,
            "until": closing.agreements_until,
            "issued": issued,
            "parked": parked,
        },
    )


async def closings(conn: AsyncConnection) -> list[Closing]:
    """Each closed period once, with what its latest run knew, in order."""
    rows = await conn.execute(
        text(
            "select distinct on (book, period) book, period, agreements_until, closed_at from closing "
            "order by book, period, id desc"
        )
    )
    return [Closing(row.book, row.period, row.agreements_until, row.closed_at) for row in rows]


async def decided_by(conn: AsyncConnection) -> dict[tuple[str, str, str], Closing]:
    """The run that invoiced, rolled over or waived: by book, period and agreement.

    A run's rows and its closing are of one transaction, and therefore recorded at the same instant.
    """
    rows = await conn.execute(
        text(
            "select d.book, d.period, d.agreement, c.agreements_until, c.closed_at from ("
            "select book, period, agreement, recorded_at from invoice "
            "where kind in ('usage_month', 'population_instalment') union all "
            "select book, period, agreement, recorded_at from rolled_over) d "
            "join closing c on c.book = d.book and c.period = d.period and c.recorded_at = d.recorded_at"
        )
    )
    return {
        (row.book, row.period, row.agreement): Closing(row.book, row.period, row.agreements_until, row.closed_at)
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored invoice: its canonical bytes and their digest."""

    number: str
    document: bytes
    digest: str


async def documents(conn: AsyncConnection) -> AsyncIterator[Stored]:
    """Stream every invoice in order of series, year and sequence."""
    rows = await conn.stream(text("select number, document, digest from invoice order by series, year, sequence"))
    async for row in rows:
        yield Stored(row.number, row.document, row.digest)
