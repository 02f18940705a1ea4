"""What documents charge for, line by line: the sums that corrections and the check from zero start from."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.corrections import Carrier, Key
from services.billing.domain.invoice import Charged, Invoice
from services.billing.domain.rectifying import TakenBack
from shared.money import ZERO


async def charged(conn: AsyncConnection) -> dict[Key, Decimal]:
    """What the documents of each period charge for it, notes taken off, decisions on rectification apart."""
    rows = await conn.execute(
        text(
            "select c.agreement, c.book, c.period, sum(c.amount) as amount from charge c "
            "join invoice i on i.number = c.document where c.why <> 'rectification' "
            "group by c.agreement, c.book, c.period order by c.book, c.period, c.agreement"
        )
    )
    return {Key(row.agreement, row.book, row.period): row.amount for row in rows}


async def unsound(conn: AsyncConnection) -> dict[Key, tuple[Decimal, Decimal]]:
    """Documents whose total is not the sum of what their lines charge: (total, sum), under their number."""
    rows = await conn.execute(
        text(
            "select i.agreement, i.book, i.number, i.total, coalesce(sum(c.amount), 0.00) as charged from invoice i "
            "left join charge c on c.document = i.number group by i.number having i.total <> coalesce(sum(c.amount), 0)"
        )
    )
    return {Key(row.agreement, row.book, row.number): (row.total, row.charged) for row in rows}


async def rectified(conn: AsyncConnection) -> Decimal:
    """What decisions on rectification gave back, all together, below zero."""
    amount: Decimal = (
        await conn.scalar(text("select coalesce(sum(amount), 0.00) from charge where why = 'rectification'")) or ZERO
    )
    return amount


async def documents_of(conn: AsyncConnection, book: str, period: str) -> dict[str, str]:
    """Which document charged an agreement for a period first; agreements without one are not there."""
    rows = await conn.execute(
        text(
            "select distinct on (c.agreement) c.agreement, c.document from charge c "
            "join invoice i on i.number = c.document where c.book = :book and c.period = :period "
            "and i.kind <> 'credit_note' order by c.agreement, i.issued_at, c.document"
        ),
        {"book": book, "period": period},
    )
    return {row.agreement: row.document for row in rows}


async def carriers(conn: AsyncConnection, keys: Sequence[Key]) -> list[Carrier]:
    """The documents that charge for periods of one agreement and book, in order of issue, with what of them stands."""
    first = keys[0]
    rows = await conn.execute(
        text(
            "select i.number, c.period, "
            "  sum(c.amount) + coalesce((select sum(n.amount) from charge n join invoice o on o.number = n.document "
            "    where o.credits = i.number and n.agreement = c.agreement and n.book = c.book "
            "    and n.period = c.period and n.why <> 'rectification'), 0) as amount, "
            "  i.total + coalesce((select sum(o.total) from invoice o where o.credits = i.number), 0) as left_over "
            "from charge c join invoice i on i.number = c.document "
            "where c.agreement = :agreement and c.book = :book and c.period = any(:periods) "
            "and i.kind <> 'credit_note' group by i.number, i.total, i.issued_at, c.agreement, c.book, c.period "
            "order by i.issued_at, i.number, c.period"
        ),
        {"agreement": first.agreement, "book": first.book, "periods": [key.period for key in keys]},
    )
    return [
        Carrier(
            row.number,
            Charged(agreement=first.agreement, price_book=first.book, period=row.period),
            row.amount,
            row.left_over,
        )
        for row in rows
    ]


async def taken_back(conn: AsyncConnection, invoice: Invoice) -> list[TakenBack]:
    """What the credit notes of a document took back of each thing that it charges for, in order of issue."""
    rows = await conn.execute(
        text(
            "select n.number, c.agreement, c.book, c.period, -sum(c.amount) as amount from charge c "
            "join invoice n on n.number = c.document where n.credits = :number "
            "group by n.number, c.agreement, c.book, c.period order by n.year, n.sequence, c.book, c.period"
        ),
        {"number": invoice.number},
    )
    return [
        TakenBack(row.number, Charged(agreement=row.agreement, price_book=row.book, period=row.period), row.amount)
        for row in rows
    ]


async def parts_by_member(
    conn: AsyncConnection, book: str, periods: Sequence[str], agreement: str | None = None
) -> dict[str, dict[str, Decimal]]:
    """What agreements were charged for periods, by member, notes taken off, rectification apart.

    Args:
        conn: The transaction.
        book: The price book.
        periods: The periods, summed.
        agreement: Only this one.
    """
    rows = await conn.execute(
        text(
            "select document from invoice where number in (select document from charge where book = :book "
            "and period = any(:periods) and agreement = coalesce(:agreement, agreement) and why <> 'rectification')"
        ),
        {"book": book, "periods": list(periods), "agreement": agreement},
    )
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        for line in Invoice.model_validate_json(row.document).lines:
            on = line.charged
            if on.price_book != book or on.period not in periods or line.why == "rectification":
                continue
            members = found.setdefault(on.agreement, {})
            for part in line.parts:
                members[part.municipality] = members.get(part.municipality, ZERO) + part.amount
    return found
