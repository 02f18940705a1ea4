"""The SQL of retention: keys whose time is over are destroyed, and it is kept how many of which month."""

from datetime import datetime
from typing import TYPE_CHECKING

from services.audit.store.appending import lock_head
from shared.clock.civil import Month

if TYPE_CHECKING:
    from asyncpg import Connection

Run = tuple[str, datetime, int]
"""Month of the events, when it was (business clock), and how many keys."""


async def months_before(conn: "Connection", first_kept: Month, undated: str) -> list[Month]:
    """Months before this one that have living keys, the oldest first; not the one for what has no month of its own."""
    rows = await conn.fetch(
        "select distinct month from person_key where erased is null and month < $1 and month <> $2 order by 1",
        str(first_kept),
        undated,
    )
    return [Month.parse(row["month"]) for row in rows]


async def destroy_month(conn: "Connection", month: Month, at: datetime) -> tuple[int, int]:
    """Destroy every living key of a month: how many, and which run it is of that month. Entries stay as they are.

    The head is held meanwhile, so that nothing is being logged under keys that are just destroyed.

    Args:
        conn: In a transaction.
        month: Of the events.
        at: Business clock.
    """
    await lock_head(conn)
    done = await conn.execute(
        "update person_key set wrapped = null, person = null, erased = now() where month = $1 and erased is null",
        str(month),
    )
    keys = int(done.rpartition(" ")[2])
    if not keys:
        return 0, 0
    await conn.execute("update head set erasures = erasures + 1")
    run: int = await conn.fetchval(
        """
        insert into retention_run (month, run, at, keys)
        select $1, coalesce(max(run), 0) + 1, $2, $3 from retention_run where month = $1 returning run
        """,
        str(month),
        at,
        keys,
    )
    return keys, run


async def runs(conn: "Connection") -> list[Run]:
    """What retention erased, by month."""
    rows = await conn.fetch("select month, at, keys from retention_run order by month, run")
    return [(row["month"], row["at"], row["keys"]) for row in rows]
