"""SQL of the decided requests: the access event of each, as its bytes were first published.

That a request was decided is known for ever, for its id may come again at any time; what was decided is forgotten.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.lookup.domain.access import SERVICE
from shared.bus.messages import Outgoing
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Tx
from shared.contracts.access import AccessDecided
from shared.database.engine import driver

if TYPE_CHECKING:
    from asyncpg import Record

REMEMBER: Final = """
    insert into decided (request, event_id, key, time, body, client) values ($1, $2, $3, $4, $5, $6)
    on conflict (request) do nothing returning request
    """
RECALL: Final = "select event_id, key, time, body from decided where request = $1"
ABOUT: Final = "select body from decided where event_id = $1 and client = $2"
# Whatever names a client or tells what was decided goes; the request and its event's id stay.
FORGET: Final = """
    update decided set key = null, time = null, body = null, client = null
    where body is not null and decided_at < now() - cast(:age as interval)
    """
# The first holds but for a week without any request.
LAST: Final = """
    select coalesce(
        (select max(decided_at) from decided where body is not null), (select max(decided_at) from decided)
    )
    """


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a request that had been decided before.

    Attributes:
        event: Its access event; None when that was decided too long ago to be known.
    """

    event: Outgoing | None


async def remember(engine: AsyncEngine, request: UUID, event: Outgoing, client: str | None = None) -> Kept | None:
    """Keep a request's access event before it is published.

    Args:
        engine: Lookup's database.
        request: Id of the request.
        event: Its access event.
        client: Pseudonym of the client that it is about, where the request named one.

    Returns:
        None when the event was kept; what was kept earlier when this request had been decided already.
    """
    async with driver(engine) as connection:
        kept = await connection.fetchval(REMEMBER, request, event.id, event.key, event.time, event.body, client)
        if kept is not None:
            return None
        row = await connection.fetchrow(RECALL, request)
    return _kept(row)


async def recall(engine: AsyncEngine, request: UUID) -> Kept | None:
    """What is known of a request that was decided; None when it was not (yet)."""
    async with driver(engine) as connection:
        row = await connection.fetchrow(RECALL, request)
    return None if row is None else _kept(row)


def _kept(row: "Record") -> Kept:
    if row["body"] is None:
        return Kept(None)
    return Kept(
        Outgoing(
            *(ACCESS_EVENTS.name, row["key"], row["event_id"], AccessDecided.ce_type),
            *(SERVICE, row["time"], row["body"]),
        )
    )


async def remember_with(tx: Tx, request: UUID, event: Outgoing) -> bool:
    """Keep a request's access event in the transaction of the change that it tells of: both, or neither.

    Whatever becomes of the request afterwards, the log is told what was done: `remember` finds this event.

    Returns:
        False when this request had been decided already: nothing may be changed by it any more.
    """
    connection = await tx.raw()
    kept = await connection.fetchval(REMEMBER, request, event.id, event.key, event.time, event.body, None)
    return kept is not None


async def decided_about(engine: AsyncEngine, event: UUID, client: str) -> AccessDecided | None:
    """An access event that was decided here about the client; None when none is known, or not any more."""
    async with driver(engine) as connection:
        body = await connection.fetchval(ABOUT, event, client)
    return None if body is None else AccessDecided.model_validate_json(body)


async def forget_decided(conn: AsyncConnection, older_than: timedelta) -> int:
    """Forget what was decided longer ago, but not that its request was decided; how many were forgotten."""
    result = await conn.execute(text(FORGET), {"age": older_than})
    return result.rowcount


async def last_decided(conn: AsyncConnection) -> datetime | None:
    """When the latest look-up was decided (system clock)."""
    found: datetime | None = await conn.scalar(text(LAST))
    return found
