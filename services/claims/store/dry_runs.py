"""SQL of how often each worker asked on a day what registering would give, and how many registrations were refused.

Hold the counts before they grow: all of a transaction at once, in one order, so that no two transactions that count the
same workers wait for each other in a circle.
"""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

if TYPE_CHECKING:
    from asyncpg import Connection

Count = tuple[str, date]
"""Pseudonym of a worker, and a Helsinki day."""
_HOLD: Final = text(
    """
    insert into claim_dry_runs as known (worker, day, runs)
    select worker, day, 0 from unnest(cast(:workers as text[]), cast(:days as date[])) as asked (worker, day)
    order by worker, day
    on conflict (worker, day) do update set runs = known.runs
    """
)
_COUNT: Final = text("update claim_dry_runs set runs = runs + 1 where worker = :worker and day = :day returning runs")
_REFUSED: Final = text(
    "update claim_dry_runs set refused = refused + 1 where worker = :worker and day = :day returning refused"
)
_KNOWN: Final = """
    select worker, day, refused
    from claim_dry_runs join unnest($1::text[], $2::date[]) as asked (worker, day) using (worker, day)
    """
_FORGET: Final = text("delete from claim_dry_runs where day < :day")


async def hold(conn: AsyncConnection, counts: Iterable[Count]) -> None:
    """Lock counts until the transaction ends, so that no two consumers count the same one; unknown ones begin at 0."""
    ordered = sorted(set(counts))
    if ordered:
        workers, days = zip(*ordered, strict=True)
        await conn.execute(_HOLD, {"workers": list(workers), "days": list(days)})


async def count(conn: AsyncConnection, count: Count) -> int:
    """Count one more dry run; how many they are with it. The count is held."""
    runs: int = (await conn.execute(_COUNT, _values(count))).scalar_one()
    return runs


async def refused(connection: "Connection", counts: Iterable[Count]) -> dict[Count, int]:
    """How many registrations of each worker and day were refused for what is known of clients. They are held."""
    columns = [list(column) for column in zip(*set(counts), strict=True)]
    if not columns:
        return {}
    return {(worker, day): known for worker, day, known in await connection.fetch(_KNOWN, *columns)}


async def count_refused(conn: AsyncConnection, count: Count) -> None:
    """Count one more of them. The count is held."""
    (await conn.execute(_REFUSED, _values(count))).scalar_one()


async def forget(conn: AsyncConnection, before: date) -> None:
    """Forget the counts of days before one."""
    await conn.execute(_FORGET, {"day": before})


def _values(count: Count) -> dict[str, object]:
    return {"worker": count[0], "day": count[1]}
