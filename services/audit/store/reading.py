"""Reading the log back, in order and in portions."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

if TYPE_CHECKING:
    from asyncpg import Connection

PORTION: Final = 5_000


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry as stored, with what its personal part needs to be opened (None when erased or absent).

    `erased` is whether the row of its key stands and says that the key was destroyed; a row that is gone says nothing.
    """

    seq: int
    event_id: UUID
    type: str
    time: datetime
    leaf: bytes
    leaf_hash: bytes
    personal: bytes | None
    personal_state: str
    person: str | None
    month: str | None
    wrapped: str | None
    erased: bool
    counted_on: date | None
    agreement: str | None
    listed: int
    """How many persons on a page of a list are led to it."""


async def leaves(conn: "Connection", size: int) -> AsyncIterator[list[bytes]]:
    """The leaf bytes of the first `size` entries, in order and in portions. Inside a transaction."""
    cursor = await conn.cursor("select leaf from entry where seq < $1 order by seq", size)
    while rows := await cursor.fetch(PORTION):
        yield [row[0] for row in rows]


async def entries(conn: "Connection") -> AsyncIterator[list[StoredEntry]]:
    """Every entry with its personal part, in order and in portions. Inside a transaction."""
    query = """
        select e.seq, e.event_id, e.type, e.time, e.leaf, e.leaf_hash, e.personal, e.personal_state,
            k.person, k.month, k.wrapped, k.erased is not null as erased, e.counted_on, e.agreement,
            coalesce(p.listed, 0) as listed
        from entry e left join person_key k on k.id = e.person_key
            left join (select seq, count(*) as listed from entry_person group by seq) p using (seq)
        order by e.seq
    """
    cursor = await conn.cursor(query)
    while rows := await cursor.fetch(PORTION):
        yield [StoredEntry(*row.values()) for row in rows]


async def census(conn: "Connection") -> dict[tuple[str, str], int]:
    """How many entries there are, by type and state of their personal part."""
    rows = await conn.fetch("select type, personal_state, count(*) as n from entry group by 1, 2 order by 1, 2")
    return {(row["type"], row["personal_state"]): row["n"] for row in rows}
