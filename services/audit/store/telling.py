"""SQL of what was told of each looking into the log, so that a request delivered again is told with the same bytes."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from shared.bus.messages import Outgoing
from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided

if TYPE_CHECKING:
    from asyncpg import Connection

SERVICE = "audit"


async def remember(conn: "Connection", request: UUID, event: Outgoing) -> Outgoing | None:
    """Keep a request's access event before it is published; the one kept earlier, when there is one."""
    kept = await conn.fetchval(
        """
        insert into told (request, event_id, key, time, body) values ($1, $2, $3, $4, $5)
        on conflict (request) do nothing returning request
        """,
        request,
        event.id,
        event.key.decode(),
        event.time,
        event.body,
    )
    if kept is not None:
        return None
    row = await conn.fetchrow("select event_id, key, time, body from told where request = $1", request)
    return Outgoing(
        ACCESS_EVENTS.name,
        row["key"].encode(),
        row["event_id"],
        AccessDecided.ce_type,
        SERVICE,
        row["time"],
        row["body"],
    )


async def forget(conn: "Connection", age: timedelta) -> int:
    """Forget what was told on requests that can no longer be delivered again: how many."""
    done = await conn.execute("delete from told where told_at < now() - $1::interval", age)
    return int(done.rpartition(" ")[2])
