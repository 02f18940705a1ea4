"""What closed periods were rated at, time and again; a row never changes, a later rating is a row of its own."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.corrections import Key


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of a period.

    Attributes:
        key: The period.
        correction: Whether it came after the period's own invoice or closing.
        basis: Fingerprint of what was rated.
        rated: What it was worth.
        charged: What its documents charged before.
        given_back: How much of a negative difference decisions on rectification had given back before.
        document: What carries the difference, if anything had to.
        agreements_until: Which agreements events were known.
    """

    key: Key
    correction: bool
    basis: str
    rated: Decimal
    charged: Decimal
    given_back: Decimal
    document: str | None
    agreements_until: int


async def add_rating(conn: AsyncConnection, rating: Rating, at: datetime) -> int:
    """Store a rating; returns its ordinal within the period, 1 for the first."""
    return int(
        await conn.scalar(
            text(
                "insert into rating (agreement, book, period, ordinal, correction, basis, rated, charged, given_back, "
                "document, agreements_until, rated_at) "
                "select v.agreement, v.book, v.period, 1 + (select count(*) from rating r where r.book = v.book "
                "and r.period = v.period and r.agreement = v.agreement), v.correction, v.basis, v.rated, v.charged, "
                "v.given_back, v.document, v.until, v.at from (values (cast(:agreement as text), cast(:book as text), "
                "cast(:period as text), cast(:correction as boolean), cast(:basis as text), cast(:rated as numeric), "
                "cast(:charged as numeric), cast(:given_back as numeric), cast(:document as text), "
                "cast(:until as bigint), cast(:at as timestamptz))) v (agreement, book, period, correction, basis, "
                "rated, charged, given_back, document, until, at) returning ordinal"
            ),
            {
                "agreement": rating.key.agreement,
                "book": rating.key.book,
                "period": rating.key.period,
                "correction": rating.correction,
                "basis": rating.basis,
                "rated": rating.rated,
                "charged": rating.charged,
                "given_back": rating.given_back,
                "document": rating.document,
                "until": rating.agreements_until,
                "at": at,
            },
        )
        or 0
    )


async def bases(conn: AsyncConnection) -> dict[Key, str]:
    """The fingerprint of the last rating of each period."""
    rows = await conn.execute(
        text(
            "select distinct on (book, period, agreement) agreement, book, period, basis from rating "
            "order by book, period, agreement, ordinal desc"
        )
    )
    return {Key(row.agreement, row.book, row.period): row.basis for row in rows}


async def given_back(conn: AsyncConnection) -> dict[Key, Decimal]:
    """What decisions on rectification gave back of a period before its use was taken back as well."""
    rows = await conn.execute(
        text(
            "select agreement, book, period, sum(given_back) as amount from rating where given_back > 0 "
            "group by agreement, book, period"
        )
    )
    return {Key(row.agreement, row.book, row.period): row.amount for row in rows}


async def corrections(conn: AsyncConnection) -> list[tuple[Rating, datetime]]:
    """Every correction, those of 0.00 too, in the order in which they were made."""
    rows = await conn.execute(
        text(
            "select agreement, book, period, basis, rated, charged, given_back, document, agreements_until, rated_at "
            "from rating where correction order by rated_at, book, period, agreement, ordinal"
        )
    )
    return [
        (
            Rating(
                key=Key(row.agreement, row.book, row.period),
                correction=True,
                basis=row.basis,
                rated=row.rated,
                charged=row.charged,
                given_back=row.given_back,
                document=row.document,
                agreements_until=row.agreements_until,
            ),
            row.rated_at,
        )
        for row in rows
    ]
