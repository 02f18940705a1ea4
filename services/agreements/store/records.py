"""Versions of records, read and appended in one transaction with their events."""

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
        await lock(conn)
        yield conn


async def lock(conn: AsyncConnection) -> None:
    """Wait until no other writer of this service is at work, and keep others out until the transaction ends."""
    await conn.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})


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
    """Add versions and their events: both happen or neither does (invariant 2).

    A version is never known before the one that it follows, even when its request was accepted before that one was:
    "as known on day X" then never shows a version whose predecessor nobody knew.
    """
    keyed = [(key_of(record), record) for record in records]
    times = await _times(conn, [key for key, _ in keyed], change.at)
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
                times[key],
                change.actor,
                change.reason,
            )
            for key, record in keyed
        ],
    )
    await outbox.write(conn, [event_of(key, record, times[key]) for key, record in keyed])


async def _times(conn: AsyncConnection, keys: Sequence[RecordKey], at: datetime) -> dict[RecordKey, datetime]:
    rows = await conn.execute(
        text(
            """
            select kind, id, max(recorded_at) as newest from record_version
            where (kind, id) in (select * from unnest(cast(:kinds as text[]), cast(:ids as text[])))
            group by kind, id
            """
        ),
        {"kinds": [key.kind for key in keys], "ids": [key.id for key in keys]},
    )
    newest = {RecordKey(row.kind, row.id): row.newest for row in rows}
    return {key: max(at, newest.get(key, at)) for key in keys}


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


async def oldest_unsent(engine: AsyncEngine) -> int | None:
    """Return the id of the oldest event that waits to be published, or None."""
    async with engine.connect() as conn:
        found: int | None = await conn.scalar(text("select min(id) from outbox where sent_at is null"))
        return found
