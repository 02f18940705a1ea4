"""All SQL of the agreements service: versions of records, read and appended in one transaction with their events.

One writer at a time: a command takes the service's advisory lock before it reads, so that what it judged against is
still true when it writes.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.agreements.domain.records import Record, RecordKey, key_of, read_record
from services.agreements.domain.state import State
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.database.engine import copy_rows
from shared.ids import event_id

SERVICE: Final = "agreements"
_LOCK: Final = 0x6167_7265
_COLUMNS: Final = ("kind", "id", "version", "body", "recorded_at", "actor", "reason")


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes something, when and why.

    Attributes:
        actor: The person or system that answers for it.
        reason: Why, for whoever reads the history later.
        at: Business clock: "as known on day X" is asked in the days of the law.
    """

    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One version with its history."""

    record: Record
    recorded_at: datetime
    actor: str
    reason: str


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One transaction, alone: other writers of this service wait for its end."""
    async with engine.begin() as conn:
        await conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        yield conn


async def load_state(conn: AsyncConnection) -> State:
    """Read every version of every record."""
    rows = await conn.execute(
        text("select kind, body::text as body, actor from record_version order by kind, id, version")
    )
    state = State()
    for row in rows:
        state.accept(read_record(row.kind, row.body), row.actor)
    return state


async def append(conn: AsyncConnection, records: Sequence[Record], change: Change) -> None:
    """Add versions and their events: both happen or neither does (invariant 2)."""
    keyed = [(key_of(record), record) for record in records]
    await copy_rows(
        conn,
        "record_version",
        _COLUMNS,
        [
            (
                key.kind,
                key.id,
                record.version,
                record.model_dump_json(),
                change.at,
                change.actor,
                change.reason,
            )
            for key, record in keyed
        ],
    )
    await outbox.write(conn, [event_of(key, record, change.at) for key, record in keyed])


def event_of(key: RecordKey, record: Record, at: datetime) -> Outgoing:
    """Return the event of a version; its id follows from which version it is, so repeats are the same event."""
    return Outgoing.of(
        AGREEMENTS_EVENTS,
        key.id,
        event_id(SERVICE, key.kind, key.id, str(record.version)),
        record,
        source=SERVICE,
        time=at,
    )


async def history(conn: AsyncConnection, key: RecordKey) -> list[Entry]:
    """Return all versions of one record, the first one first."""
    rows = await conn.execute(
        text(
            """
            select kind, body::text as body, recorded_at, actor, reason from record_version
            where kind = :kind and id = :id order by version
            """
        ),
        {"kind": key.kind, "id": key.id},
    )
    return [Entry(read_record(row.kind, row.body), row.recorded_at, row.actor, row.reason) for row in rows]


async def known_before(conn: AsyncConnection, instant: datetime, kind: str | None = None) -> list[Record]:
    """Return every record as it was known before the instant (business clock), by kind and id."""
    rows = await conn.execute(
        text(
            """
            select distinct on (kind, id) kind, body::text as body from record_version
            where recorded_at < :instant and (cast(:kind as text) is null or kind = :kind)
            order by kind, id, version desc
            """
        ),
        {"instant": instant, "kind": kind},
    )
    return [read_record(row.kind, row.body) for row in rows]


async def oldest_unsent(engine: AsyncEngine) -> int | None:
    """Return the id of the oldest event that waits to be published, or None."""
    async with engine.connect() as conn:
        found: int | None = await conn.scalar(text("select min(id) from outbox where sent_at is null"))
        return found
