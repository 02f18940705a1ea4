"""Records as known at the end of one day and valid on another, or one record's history, in pages."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.agreements import store
from services.agreements.domain.records import KINDS, RecordKey, key_of
from services.agreements.domain.rules.days import in_range
from services.agreements.domain.scope import Scope, sees
from services.agreements.domain.validity import holds_on
from services.agreements.domain.wording import DAY_RANGE, UNKNOWN_KIND
from shared.clock.civil import at_helsinki
from shared.contracts.answers import RecordsFound, RecordVersion, Refused
from shared.contracts.asking import RecordsQuery

PAGE_BYTES: Final = 280_000
"""Of the rows of one answer; an answer stays below 300 kB."""
_FETCHED: Final = 200
"""Records read at a time while a page fills."""


async def find(conn: AsyncConnection, scope: Scope, query: RecordsQuery, today: date) -> RecordsFound | Refused:
    """Answer a question about records.

    Args:
        conn: The database.
        scope: What the asker may see.
        query: What is asked; days that it leaves out are today.
        today: Helsinki day of the business clock.
    """
    if query.record_kind not in KINDS:
        return Refused(refusal=UNKNOWN_KIND)
    if not all(in_range(day) for day in (query.known, query.valid) if day is not None):
        return Refused(refusal=DAY_RANGE)
    after = (query.after or "").replace("\0", "")
    if query.record is not None:
        return await _page(_versions(conn, scope, query.record_kind, query.record.replace("\0", ""), after))
    return await _page(_current(conn, scope, query, after, today))


async def _page(found: AsyncIterator[tuple[str, RecordVersion]]) -> RecordsFound:
    """Rows until the page is full; a page has at least one row when there is one."""
    rows: list[RecordVersion] = []
    size, last = 0, ""
    async for place, row in found:
        size += len(row.model_dump_json()) + 1
        if rows and size > PAGE_BYTES:
            return RecordsFound(rows=tuple(rows), next=last)
        rows.append(row)
        last = place
    return RecordsFound(rows=tuple(rows), next=None)


async def _versions(
    conn: AsyncConnection, scope: Scope, kind: str, record: str, after: str
) -> AsyncIterator[tuple[str, RecordVersion]]:
    """One record's versions, the first one first, each with its number: the page may be continued behind it."""
    seen = int(after) if after.isascii() and after.isdigit() else 0
    for entry in await store.history(conn, RecordKey(kind, record)):
        if entry.record.version > seen and sees(scope, entry.record):
            yield str(entry.record.version), _row(entry)


async def _current(
    conn: AsyncConnection, scope: Scope, query: RecordsQuery, after: str, today: date
) -> AsyncIterator[tuple[str, RecordVersion]]:
    """Records by id, as known and valid on the days asked for, each with its id."""
    end = at_helsinki((query.known or today) + timedelta(days=1))
    valid = query.valid or today
    while True:
        entries = await store.page(conn, query.record_kind, end, after, _FETCHED)
        for entry in entries:
            after = key_of(entry.record).id
            if holds_on(entry.record, valid) and sees(scope, entry.record):
                yield after, _row(entry)
        if len(entries) < _FETCHED:
            return


def _row(entry: store.Entry) -> RecordVersion:
    key = key_of(entry.record)
    return RecordVersion(
        kind=key.kind,
        id=key.id,
        version=entry.record.version,
        body=entry.record.model_dump_json(),
        recorded_at=entry.recorded_at,
        actor=entry.actor,
        reason=entry.reason,
    )
