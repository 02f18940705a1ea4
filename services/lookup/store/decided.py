"""SQL of the decided requests: the access event of each, as its bytes were first published."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.bus.messages import Outgoing
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Tx
from shared.contracts.access import AccessDecided
from shared.database.engine import driver

REMEMBER: Final = """
    insert into decided (request, event_id, key, time, body) values ($1, $2, $3, $4, $5)
    on conflict (request) do nothing returning request
    """
RECALL: Final = "select event_id, key, time, body from decided where request = $1"


async def remember(engine: AsyncEngine, request: UUID, event: Outgoing) -> Outgoing | None:
    """Keep a request's access event before it is published.

    Returns:
        None when the event was kept; the one kept earlier when this request had been decided already.
    """
    async with driver(engine) as connection:
        kept = await connection.fetchval(REMEMBER, request, event.id, event.key, event.time, event.body)
        if kept is not None:
            return None
        row = await connection.fetchrow(RECALL, request)
    return Outgoing(
        ACCESS_EVENTS.name, row["key"], row["event_id"], AccessDecided.ce_type, event.source, row["time"], row["body"]
    )


async def remember_with(tx: Tx, request: UUID, event: Outgoing) -> None:
    """Keep a request's access event in the transaction of the change that it tells of: both, or neither.

    Whatever becomes of the request afterwards, the log is told what was done: `remember` finds this event.
    """
    connection = await tx.raw()
    await connection.fetchval(REMEMBER, request, event.id, event.key, event.time, event.body)


async def forget_decided(conn: AsyncConnection, older_than: timedelta) -> int:
    """Delete decided look-ups whose request can no longer be delivered again; how many."""
    result = await conn.execute(
        text("delete from decided where decided_at < now() - cast(:age as interval)"), {"age": older_than}
    )
    return result.rowcount


async def last_decided(conn: AsyncConnection) -> datetime | None:
    """When the latest look-up was decided (system clock)."""
    found: datetime | None = await conn.scalar(text("select max(decided_at) from decided"))
    return found
