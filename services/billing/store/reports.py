"""What reports are made of: documents by day of issue, what was not charged, and payments."""

from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.invoice import Invoice
from services.billing.domain.journal import Payment, Waiting
from shared.clock.civil import helsinki_date

_BATCH = 500


async def documents(
    conn: AsyncConnection, first: datetime | None = None, before: datetime | None = None
) -> AsyncIterator[Invoice]:
    """Stream the documents issued from `first` until before `before`, by series, year and sequence."""
    rows = await conn.stream(
        text(
            "select document from invoice where issued_at >= coalesce(:first, issued_at) "
            "and (cast(:before as timestamptz) is null or issued_at < :before) order by series, year, sequence"
        ),
        {"first": first, "before": before},
        execution_options={"yield_per": _BATCH},
    )
    async for row in rows:
        yield Invoice.model_validate_json(row.document)


async def waiting(
    conn: AsyncConnection, first: datetime | None = None, before: datetime | None = None
) -> list[Waiting]:
    """What was rolled over or waived in that time, in order."""
    rows = await conn.execute(
        text(
            "select agreement, book, period, amount, waived, decided_at from rolled_over "
            "where decided_at >= coalesce(:first, decided_at) "
            "and (cast(:before as timestamptz) is null or decided_at < :before) order by book, period, agreement"
        ),
        {"first": first, "before": before},
    )
    return [
        Waiting(row.agreement, row.book, row.period, row.amount, row.waived, helsinki_date(row.decided_at))
        for row in rows
    ]


async def paid(conn: AsyncConnection) -> list[Payment]:
    """Every payment, in order of its day."""
    rows = await conn.execute(
        text(
            "select p.reference, p.invoice, p.amount, p.paid_on, i.agreement, i.payer from payment p "
            "join invoice i on i.number = p.invoice order by p.paid_on, p.reference"
        )
    )
    return [
        Payment(f"PAYMENT {row.reference}", row.invoice, row.agreement, row.payer, row.paid_on, row.amount)
        for row in rows
    ]


async def months_of_issue(conn: AsyncConnection) -> list[datetime]:
    """The instants at which something was issued or decided, one a run."""
    rows = await conn.execute(
        text("select issued_at as at from invoice union select decided_at from rolled_over order by at")
    )
    return [row.at for row in rows]
