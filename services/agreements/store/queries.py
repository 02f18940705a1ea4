"""Reading records back: as known before an instant, one record's history, and what the gate needs of the asker."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.agreements.domain.records import Record, RecordKey, read_record
from services.agreements.store.records import Entry


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
    return [_entry(row) for row in rows]


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


async def page(conn: AsyncConnection, kind: str, instant: datetime, after: str, limit: int) -> list[Entry]:
    """Return records of one kind as known before the instant, by id, those after one id.

    Args:
        conn: The database.
        kind: Kind of record.
        instant: Business clock.
        after: Id behind which to begin; empty for the beginning.
        limit: How many at most.
    """
    rows = await conn.execute(
        text(
            """
            select distinct on (id collate "C") kind, body::text as body, recorded_at, actor, reason
            from record_version
            where kind = :kind and recorded_at < :instant and id collate "C" > :after collate "C"
            order by id collate "C", version desc limit :limit
            """
        ),
        {"kind": kind, "instant": instant, "after": after, "limit": limit},
    )
    return [_entry(row) for row in rows]


async def asking_records(conn: AsyncConnection, organisation: str, worker: str, member: str | None) -> list[Record]:
    """Return all versions of what the gate asks about: the organisation, its agreements, the worker, the member.

    Args:
        conn: The database.
        organisation: Business id of the asker's organisation.
        worker: The asker's pseudonym.
        member: The municipality on whose behalf, when there is one.
    """
    rows = await conn.execute(
        text(
            """
            select kind, body::text as body from record_version where kind = 'organisation' and id = :organisation
            union all
            select kind, body::text from record_version where kind = 'agreement' and body->>'party' = :organisation
            union all
            select kind, body::text from record_version where kind = 'mandate' and body->>'worker' = :worker
            union all
            select kind, body::text from record_version where kind = 'user' and id = :user
            union all
            select kind, body::text from record_version where kind = 'responsibility' and id = :member
            union all
            select kind, body::text from record_version where kind = 'delegation' and body->>'principal' = :member
            """
        ),
        {
            "organisation": organisation,
            "worker": worker,
            "user": f"{organisation}/{worker}",
            "member": member or "",
        },
    )
    return [read_record(row.kind, row.body) for row in rows]


def _entry(row: Row[Any]) -> Entry:
    return Entry(read_record(row.kind, row.body), row.recorded_at, row.actor, row.reason)
