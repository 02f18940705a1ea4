"""Usage rows and their daily tallies, from which months are rated."""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.rating import Count, MonthUsage
from services.billing.domain.usage import COLUMNS, Usage
from shared.clock.civil import Month
from shared.database.engine import copy_rows, raw

PARTITIONED_YEARS: Final = range(2015, 2036)
"""Months of these years get a partition of their own when their first use arrives; others share the default one."""

TallyKey = tuple[date, str, str, str]
"""Day, agreement, member, product; the empty text stands for "none named"."""

_MISSING: Final = "select name from unnest($1::text[]) as name where to_regclass(name) is null order by name"
_TALLY: Final = """
    insert into tally as t (day, agreement, member, product, quantity)
    select * from unnest($1::date[], $2::text[], $3::text[], $4::text[], $5::bigint[])
    on conflict (day, agreement, member, product) do update set quantity = t.quantity + excluded.quantity
"""
_ACTIVE: Final = """
    insert into active_user (month, agreement, worker)
    select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing
"""


async def record_usage(conn: AsyncConnection, rows: Sequence[Usage], reversed_: Collection[UUID] = ()) -> None:
    """Store usage rows, their daily tallies and active users, in one order for all writers (no deadlocks).

    Args:
        conn: The transaction.
        rows: What was used.
        reversed_: Events among them whose reversal came first: they make nobody active.
    """
    tallies = Counter(
        [(day, agreement or "", member or "", product) for _, agreement, member, product, _, day, _, _ in rows]
    )
    firsts = {day: day.replace(day=1) for day in {key[0] for key in tallies}}
    acting = [row for row in rows if row.event not in reversed_] if reversed_ else rows
    active = {(firsts[row.day], row.agreement, row.worker) for row in acting if row.worker and row.agreement}
    await _ensure_partitions(conn, set(firsts.values()))
    await copy_rows(conn, "usage", COLUMNS, rows)
    await add_to_tallies(conn, tallies)
    connection = await raw(conn)
    for month, users in groupby(sorted(active), key=itemgetter(0)):
        _, agreements, workers = zip(*users, strict=True)
        await connection.execute(_ACTIVE, month, agreements, workers)


async def add_to_tallies(conn: AsyncConnection, tallies: Mapping[TallyKey, int]) -> None:
    """Add to the counts of days; a reversal adds less than zero."""
    ordered = sorted(tallies.items())
    columns = zip(*(key for key, _ in ordered), strict=True)
    connection = await raw(conn)
    await connection.execute(_TALLY, *map(list, columns), [number for _, number in ordered])


async def _ensure_partitions(conn: AsyncConnection, days: Iterable[date]) -> None:
    months = {Month.of(day) for day in days if day.year in PARTITIONED_YEARS}
    names = {f"usage_{month.year}_{month.month:02}": month for month in months}
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


async def month_usage(conn: AsyncConnection, month: Month, active_products: frozenset[str]) -> dict[str, MonthUsage]:
    """What each agreement used in a month, from the tallies; usage of no agreement stands under ''.

    An agreement all of whose usage was reversed is there with nothing: what it was invoiced may have to be corrected.
    A worker known under two pseudonyms counts once (golden G11).

    Args:
        conn: The transaction.
        month: The month.
        active_products: Products whose use makes an active user: the key by which user fees are passed on.
    """
    counted = await conn.execute(
        text(
            "select agreement, member, product, sum(quantity)::bigint as quantity from tally "
            "where day between :first and :last group by agreement, member, product order by 1, 2, 3"
        ),
        {"first": month.first, "last": month.last},
    )
    counts: dict[str, list[Count]] = {}
    lookups: dict[str, Counter[str]] = {}
    for row in counted:
        found = counts.setdefault(row.agreement, [])
        if not row.quantity:
            continue
        found.append(Count(row.member, row.product, row.quantity))
        if row.product in active_products:
            lookups.setdefault(row.agreement, Counter())[row.member] += row.quantity
    active = await conn.execute(
        text(
            "select u.agreement, count(distinct coalesce(a.same_as, u.worker)) as users from active_user u "
            "left join worker_alias a on a.worker = u.worker where u.month = :first group by u.agreement"
        ),
        {"first": month.first},
    )
    users = {row.agreement: row.users for row in active}
    return {
        agreement: MonthUsage(tuple(found), users.get(agreement, 0), lookups.get(agreement, {}))
        for agreement, found in counts.items()
    }


async def days_used(conn: AsyncConnection, month: Month, products: Collection[str]) -> dict[str, tuple[date, date]]:
    """The first and the last day of a month on which each agreement used one of these products."""
    rows = await conn.execute(
        text(
            "select agreement, min(day) as first, max(day) as last from tally "
            "where day between :first and :last and quantity > 0 and product = any(:products) group by agreement"
        ),
        {"first": month.first, "last": month.last, "products": sorted(products)},
    )
    return {row.agreement: (row.first, row.last) for row in rows}


@dataclass(frozen=True, slots=True)
class RawUse:
    """A usage row as stored, for rating from zero."""

    agreement: str
    product: str
    time: datetime
    worker: str | None


async def raw_usage(conn: AsyncConnection, month: Month) -> AsyncIterator[RawUse]:
    """Stream the usage in effect of a month and the days around it; the reader decides the month by the time itself."""
    result = await conn.stream(
        text(
            "select u.agreement, u.product, u.time, coalesce(a.same_as, u.worker) as worker from usage_in_effect u "
            "left join worker_alias a on a.worker = u.worker "
            "where u.agreement is not null and u.day between cast(:first as date) - 1 and cast(:last as date) + 1"
        ),
        {"first": month.first, "last": month.last},
    )
    async for row in result:
        yield RawUse(row.agreement, row.product, row.time, row.worker)
