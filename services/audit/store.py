"""The SQL of the log (that of proofs is in `proof_store`).

Appending: the batch's transaction locks the head row first, so that batches follow one another whoever runs
them; entries and head then commit with the consumer's position or not at all.

Signing stands apart: a checkpoint is made from the committed head, in a transaction of its own with its
outbox row. Signed before the commit, a note could leave for a head that was then rolled back, and the log
would be caught forking from its own signature. The price is a crash between the two, after which the next
tick signs the same head.
"""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.audit.domain.merkle import CompactRange
from shared.bus.offsets import Fenced, Position

if TYPE_CHECKING:
    from asyncpg import Connection

CONSUMER: Final = "audit-log"
"""The consumer whose stored position says what is in the log."""
PORTION: Final = 5_000

EntryRow = tuple[int, UUID, str, str, datetime, bytes, bytes, int | None, bytes | None, str, datetime, date | None, str]
"""An entry in the order of `ENTRY_COLUMNS`."""
ENTRY_COLUMNS: Final = (
    "seq",
    "event_id",
    "type",
    "topic",
    "time",
    "leaf",
    "leaf_hash",
    "person_key",
    "personal",
    "personal_state",
    "received",
    "counted_on",
    "agreement",
)


@dataclass(frozen=True, slots=True)
class Head:
    """The tree as committed, and how many personal keys were ever destroyed."""

    tree: CompactRange
    erasures: int


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


# -- appending ------------------------------------------------------------------------------------------


async def lock_head(conn: "Connection") -> Head:
    """The head, held until the transaction ends."""
    row = await conn.fetchrow("select size, peaks, erasures from head for update")
    return Head(CompactRange(row["size"], tuple(row["peaks"])), row["erasures"])


async def append(conn: "Connection", rows: Sequence[EntryRow]) -> None:
    """COPY entries into the log."""
    await conn.copy_records_to_table("entry", columns=ENTRY_COLUMNS, records=rows)


async def link(conn: "Connection", rows: Sequence[tuple[int, int]]) -> None:
    """Lead from keys of persons to further entries that are about them: (key, seq)."""
    if rows:
        await conn.copy_records_to_table("entry_person", columns=("person_key", "seq"), records=rows)


async def advance_head(conn: "Connection", old: int, new: CompactRange) -> None:
    """Move the head from a size to a longer tree.

    Raises:
        Fenced: the head is not where this process believes it to be.
    """
    done = await conn.execute(
        "update head set size = $2, peaks = $3, root = $4 where size = $1", old, new.size, list(new.peaks), new.root
    )
    if done != "UPDATE 1":
        raise Fenced(f"the log's head is not at {old}")


async def living_keys(conn: "Connection", owners: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[int, str]]:
    """Id and wrapped key of each owner that has one."""
    rows = await conn.fetch(
        """
        select k.person, k.month, k.id, k.wrapped from person_key k
        join unnest($1::text[], $2::text[]) as o(person, month) on k.person = o.person and k.month = o.month
        where k.erased is null
        """,
        *_columns(owners),
    )
    return {(row["person"], row["month"]): (row["id"], row["wrapped"]) for row in rows}


async def add_keys(conn: "Connection", wrapped: Mapping[tuple[str, str], str]) -> dict[tuple[str, str], int]:
    """Store new keys; their ids."""
    rows = await conn.fetch(
        """
        insert into person_key (person, month, wrapped)
        select * from unnest($1::text[], $2::text[], $3::text[]) returning person, month, id
        """,
        *_columns(wrapped),
        list(wrapped.values()),
    )
    return {(row["person"], row["month"]): row["id"] for row in rows}


async def destroy_keys(conn: "Connection", person: str, month: str) -> int:
    """Erase a person's month: how many keys of theirs were destroyed. Entries and leaves stay as they are.

    The keys of list pages on which they stand go with it: such a page cannot be erased for one of them alone.
    The head is held meanwhile, so that no page is being logged under keys that are just destroyed.
    """
    await lock_head(conn)
    done = await conn.fetchval(
        """
        with own as (
            update person_key set wrapped = null, person = null, erased = now()
            where person = $1 and month = $2 and erased is null returning id
        ), pages as (
            update person_key set wrapped = null, person = null, erased = now()
            where erased is null and id in (
                select e.person_key from entry_person p join entry e on e.seq = p.seq
                where p.person_key in (
                    select id from person_key where person = $1 and month = $2 and erased is null
                )
            ) returning id
        ), counted as (
            update head set erasures = erasures + 1 where exists (select from own)
        )
        select count(*) from own
        """,
        person,
        month,
    )
    return int(done)


def _columns(owners: Iterable[tuple[str, str]]) -> tuple[list[str], list[str]]:
    pairs = list(owners)
    return [person for person, _ in pairs], [month for _, month in pairs]


# -- signing --------------------------------------------------------------------------------------------


async def committed(conn: "Connection", consumer: str = CONSUMER) -> tuple[CompactRange, dict[Position, int]]:
    """The committed head and the positions whose records it holds, of one instant (one statement)."""
    rows = await conn.fetch(
        """
        select h.size, h.peaks, o.topic, o.partition, o.next_offset
        from head h left join consumer_offset o on o.consumer = $1
        """,
        consumer,
    )
    tree = CompactRange(rows[0]["size"], tuple(rows[0]["peaks"]))
    return tree, {(r["topic"], r["partition"]): r["next_offset"] for r in rows if r["topic"] is not None}


async def add_checkpoint(conn: "Connection", size: int, note: str, at: datetime) -> bool:
    """Store a signed checkpoint of a head that the log has reached; False when this size has one already."""
    done = await conn.execute(
        """
        insert into checkpoint (size, note, at)
        select $1, $2, $3 from head where size >= $1 on conflict do nothing
        """,
        size,
        note,
        at,
    )
    return bool(done == "INSERT 0 1")


async def newest_checkpoint(conn: "Connection") -> tuple[int, str, datetime] | None:
    """Size, note and time of the newest checkpoint."""
    row = await conn.fetchrow("select size, note, at from checkpoint order by size desc limit 1")
    return None if row is None else (row["size"], row["note"], row["at"])


async def checkpoints(conn: "Connection", size: int, most: int) -> dict[int, str]:
    """The checkpoint of this size and up to about `most` earlier ones, evenly spread."""
    rows = await conn.fetch(
        """
        select size, note from (
            select size, note, row_number() over (order by size) - 1 as n, count(*) over () as total
            from checkpoint where size <= $1
        ) numbered
        where size = $1 or n % greatest(1, total / $2) = 0 order by size
        """,
        size,
        most,
    )
    return {row["size"]: row["note"] for row in rows}


# -- reading back ---------------------------------------------------------------------------------------


async def leaves(conn: "Connection", size: int) -> AsyncIterator[list[bytes]]:
    """The leaf bytes of the first `size` entries, in order and in portions. Inside a transaction."""
    cursor = await conn.cursor("select leaf from entry where seq < $1 order by seq", size)
    while rows := await cursor.fetch(PORTION):
        yield [row[0] for row in rows]


async def entries(conn: "Connection") -> AsyncIterator[list[StoredEntry]]:
    """Every entry with its personal part, in order and in portions. Inside a transaction."""
    query = """
        select e.seq, e.event_id, e.type, e.time, e.leaf, e.leaf_hash, e.personal, e.personal_state,
            k.person, k.month, k.wrapped, k.erased is not null as erased
        from entry e left join person_key k on k.id = e.person_key order by e.seq
    """
    cursor = await conn.cursor(query)
    while rows := await cursor.fetch(PORTION):
        yield [StoredEntry(*row.values()) for row in rows]


async def census(conn: "Connection") -> dict[tuple[str, str], int]:
    """How many entries there are, by type and state of their personal part."""
    rows = await conn.fetch("select type, personal_state, count(*) as n from entry group by 1, 2 order by 1, 2")
    return {(row["type"], row["personal_state"]): row["n"] for row in rows}
