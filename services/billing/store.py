"""All SQL of billing: usage with its tallies, the agreements events, invoices and what was rolled over.

Every function works within the caller's transaction and commits nothing.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.invoice import Invoice
from services.billing.domain.rating import Count, MonthUsage
from services.billing.domain.usage import COLUMNS, Usage
from shared.bus.messages import Delivered
from shared.bus.topics import CONTRACTS
from shared.clock.civil import Month
from shared.contracts.base import Contract
from shared.database.engine import copy_rows, raw
from shared.directory.model import Directory

PARTITIONED_YEARS: Final = range(2015, 2036)
"""Months of these years get a partition of their own when their first use arrives; others share the default one."""

_MISSING: Final = "select name from unnest($1::text[]) as name where to_regclass(name) is null order by name"
_TALLY: Final = """
    insert into tally as t (day, agreement, member, product, quantity)
    select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    on conflict (day, agreement, member, product) do update set quantity = t.quantity + excluded.quantity
"""
_ACTIVE: Final = """
    insert into active_user as a (month, agreement, worker, member, lookups)
    select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    on conflict (month, agreement, worker, member) do update set lookups = a.lookups + excluded.lookups
"""
_AGREEMENTS: Final = """
    insert into agreement_event (event_id, type, body) select * from unnest($1::uuid[], $2::text[], $3::bytea[])
"""


async def record_usage(conn: AsyncConnection, rows: Sequence[Usage]) -> None:
    """Store usage rows, their daily tallies and active users, in one order for all writers (no deadlocks)."""
    tallies: dict[tuple[date, str, str, str], int] = {}
    active: dict[tuple[date, str, str, str], int] = {}
    for _, agreement, member, product, _, day, worker in rows:
        key = (day, agreement or "", member or "", product)
        tallies[key] = tallies.get(key, 0) + 1
        if worker is not None and agreement is not None:
            user = (day.replace(day=1), agreement, worker, member or "")
            active[user] = active.get(user, 0) + 1
    await _ensure_partitions(conn, {key[0].replace(day=1) for key in tallies})
    await copy_rows(conn, "usage", COLUMNS, rows)
    connection = await raw(conn)
    for statement, counted in ((_TALLY, tallies), (_ACTIVE, active)):
        if counted:
            ordered = sorted(counted.items())
            columns = zip(*(key for key, _ in ordered), strict=True)
            await connection.execute(statement, *map(list, columns), [number for _, number in ordered])


async def _ensure_partitions(conn: AsyncConnection, months: Iterable[date]) -> None:
    names = {f"usage_{month:%Y_%m}": Month.of(month) for month in months if month.year in PARTITIONED_YEARS}
    connection = await raw(conn)
    missing = await connection.fetch(_MISSING, list(names))
    if not missing:
        return
    await connection.execute("select pg_advisory_xact_lock(hashtext('billing.usage.partitions'))")
    for (name,) in await connection.fetch(_MISSING, list(names)):
        month = names[name]
        await connection.execute(
            f"create table {name} partition of usage for values from ('{month.first}') to ('{month.plus(1).first}')"
        )


async def add_agreement_events(conn: AsyncConnection, events: Sequence[Delivered[Contract]]) -> None:
    """Keep agreements events as published, in order of arrival, for folding when rating."""
    connection = await raw(conn)
    await connection.execute(
        _AGREEMENTS, [e.id for e in events], [e.type for e in events], [e.record.value for e in events]
    )


async def directory(conn: AsyncConnection, until: int | None = None) -> tuple[Directory, int]:
    """Fold the agreements events, up to the one numbered `until` when given; also the number of the last one."""
    rows = await conn.execute(
        text("select id, type, body from agreement_event where id <= coalesce(:until, id) order by id"),
        {"until": until},
    )
    folded, last = Directory(), 0
    for row in rows:
        folded.apply(CONTRACTS[row.type].model_validate_json(row.body))
        last = row.id
    return folded, last


async def month_usage(conn: AsyncConnection, month: Month) -> dict[str, MonthUsage]:
    """What each agreement used in a month, from the tallies; usage of no agreement stands under ''."""
    days = {"first": month.first, "last": month.last}
    counts: dict[str, list[Count]] = {}
    for row in await conn.execute(
        text(
            "select agreement, member, product, sum(quantity)::bigint as quantity from tally "
            "where day between :first and :last group by agreement, member, product order by 1, 2, 3"
        ),
        days,
    ):
        counts.setdefault(row.agreement, []).append(Count(row.member, row.product, row.quantity))
    lookups: dict[str, dict[str, int]] = {}
    for row in await conn.execute(
        text(
            "select agreement, member, sum(lookups)::bigint as lookups from active_user "
            "where month = :first group by agreement, member"
        ),
        days,
    ):
        lookups.setdefault(row.agreement, {})[row.member] = row.lookups
    users = await conn.execute(
        text(
            "select agreement, count(distinct worker) as users from active_user where month = :first group by agreement"
        ),
        days,
    )
    active = {row.agreement: row.users for row in users}
    return {
        agreement: MonthUsage(tuple(found), active.get(agreement, 0), lookups.get(agreement, {}))
        for agreement, found in counts.items()
    }


@dataclass(frozen=True, slots=True)
class RawUse:
    """A usage row as stored, for rating from zero."""

    agreement: str
    product: str
    time: datetime
    worker: str | None


async def raw_usage(conn: AsyncConnection, month: Month) -> AsyncIterator[RawUse]:
    """Stream the stored usage of a month and the days around it; the reader decides the month by the time itself."""
    result = await conn.stream(
        text(
            "select agreement, product, time, worker from usage "
            "where agreement is not null and day between cast(:first as date) - 1 and cast(:last as date) + 1"
        ),
        {"first": month.first, "last": month.last},
    )
    async for row in result:
        yield RawUse(row.agreement, row.product, row.time, row.worker)


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
    """Store an issued invoice for ever."""
    await conn.execute(
        text(
            "insert into invoice (number, series, year, sequence, agreement, payer, book, period, total, due, "
            "issued_at, document, digest) values (:number, :series, :year, :sequence, :agreement, :payer, :book, "
            ":period, :total, :due, :issued_at, :document, :digest)"
        ),
        {
            "number": invoice.number,
            "series": invoice.series,
            "year": invoice.year,
            "sequence": invoice.sequence,
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


async def invoiced(conn: AsyncConnection, book: str, period: str) -> dict[str, tuple[str, Decimal]]:
    """Number and total of each agreement's invoice of a period."""
    rows = await conn.execute(
        text("select agreement, number, total from invoice where book = :book and period = :period"),
        {"book": book, "period": period},
    )
    return {row.agreement: (row.number, row.total) for row in rows}


async def invoiced_by_member(conn: AsyncConnection, book: str, year: int) -> dict[str, dict[str, Decimal]]:
    """What each agreement was invoiced for the instalments of a year, by member."""
    found: dict[str, dict[str, Decimal]] = {}
    rows = await conn.execute(
        text("select agreement, document from invoice where book = :book and period like :periods"),
        {"book": book, "periods": f"{year}/%"},
    )
    for row in rows:
        members = found.setdefault(row.agreement, {})
        for share in Invoice.model_validate_json(row.document).members:
            members[share.municipality] = members.get(share.municipality, Decimal(0)) + share.amount
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


@dataclass(frozen=True, slots=True)
class Closing:
    """A run that closed a period, and which agreements events it knew."""

    book: str
    period: str
    agreements_until: int


async def add_closing(
    conn: AsyncConnection, closing: Closing, closed_at: datetime, *, issued: int, parked: int
) -> None:
    """Record a run."""
    await conn.execute(
        text(
            "insert into closing (book, period, closed_at, agreements_until, issued, parked) "
            "values (:book, :period, :closed_at, :until, :issued, :parked)"
        ),
        {
            "book": closing.book,
            "period": closing.period,
            "closed_at": closed_at,
            "until": closing.agreements_until,
            "issued": issued,
            "parked": parked,
        },
    )


async def closings(conn: AsyncConnection) -> list[Closing]:
    """Each closed period once, with what its latest run knew, in order."""
    rows = await conn.execute(
        text(
            "select distinct on (book, period) book, period, agreements_until from closing "
            "order by book, period, id desc"
        )
    )
    return [Closing(row.book, row.period, row.agreements_until) for row in rows]


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


async def totals(conn: AsyncConnection) -> Mapping[tuple[str, str, str], Decimal]:
    """Invoiced by book, period and agreement."""
    rows = await conn.execute(text("select book, period, agreement, total from invoice"))
    return {(row.book, row.period, row.agreement): row.total for row in rows}
