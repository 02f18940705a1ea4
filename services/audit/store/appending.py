"""Adding to the log: the head, locked first, and the rows of a batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from asyncpg import PostgresError

from services.audit.domain.merkle import CompactRange
from shared.bus.offsets import Fenced
from shared.contracts.audit import SequenceAssigned

if TYPE_CHECKING:
    from asyncpg import Connection

PATIENCE_MS: Final = 200

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
    """The tree as committed.

    Attributes:
        tree: over all entries.
        erasures: how many personal keys were ever destroyed.
        month: in which the open range of entries was begun (YYYY-MM).
    """

    tree: CompactRange
    erasures: int
    month: str


async def lock_head(conn: "Connection") -> Head:
    """The head, held until the transaction ends."""
    row = await conn.fetchrow("select size, peaks, erasures, month from head for update")
    return Head(CompactRange(row["size"], tuple(row["peaks"])), row["erasures"], row["month"])


async def append(conn: "Connection", rows: Sequence[EntryRow]) -> None:
    """COPY entries into the log."""
    await conn.copy_records_to_table("entry", columns=ENTRY_COLUMNS, records=rows)


async def link(conn: "Connection", rows: Sequence[tuple[int, int]]) -> None:
    """Lead from keys of persons to further entries that are about them: (key, seq)."""
    if rows:
        await conn.copy_records_to_table("entry_person", columns=("person_key", "seq"), records=rows)


async def advance_head(conn: "Connection", new: CompactRange, assigned: SequenceAssigned) -> None:
    """Move the head to a longer tree, and keep for publishing which records led there.

    Raises:
        Fenced: the head is not where this process believes it to be.
    """
    done = await conn.execute(
        """
        with moved as (
            update head set size = $2, peaks = $3, root = $4 where size = $1 returning size, root
        )
        insert into assignment (size, first, root, body) select size, $1, root, $5 from moved
        """,
        assigned.first,
        new.size,
        list(new.peaks),
        new.root,
        assigned.model_dump_json(),
    )
    if done != "INSERT 0 1":
        raise Fenced(f"the log's head is not at {assigned.first}")


async def open_month(conn: "Connection", month: str) -> str | None:
    """Begin a new range of entries for a month: None when that is done, else why not.

    The ranges may only be changed while nobody reads the log. Nothing hangs on the moment, and an entry must not be
    kept out for it, so whatever fails here fails alone.
    """
    try:
        async with conn.transaction():
            await conn.execute(f"set local lock_timeout = '{PATIENCE_MS}ms'")
            await conn.execute("select open_month($1)", month)
            await conn.execute("set local lock_timeout = default")
    except PostgresError as error:
        return type(error).__name__
    return None
