"""SQL of how often each worker asked on a day what registering would give."""

from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COUNT: Final = text(
    """
    insert into claim_dry_runs as known (worker, day, runs) values (:worker, :day, 1)
    on conflict (worker, day) do update set runs = known.runs + 1 returning runs
    """
)
_FORGET: Final = text("delete from claim_dry_runs where day < :day")


async def count(conn: AsyncConnection, worker: str, day: date) -> int:
    """Count one more dry run of a worker's Helsinki day; how many they are with it.

    The worker's row is locked until the transaction ends, so that no two consumers count the same one.
    """
    runs: int = (await conn.execute(_COUNT, {"worker": worker, "day": day})).scalar_one()
    return runs


async def forget(conn: AsyncConnection, before: date) -> None:
    """Forget the counts of days before one."""
    await conn.execute(_FORGET, {"day": before})
