"""Usage rows, their daily tallies and the active users of each month."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.rating import Count, MonthUsage
from services.billing.domain.usage import COLUMNS, Usage
from shared.clock.civil import Month
from shared.database.engine import copy_rows, raw

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
