"""SQL of proofs: the hashes of complete subtrees, and entries found by their event."""

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from services.audit.domain.merkle import HASH_BYTES
from services.audit.domain.subtrees import BLOCK, STORED_HEIGHT, Subtree

if TYPE_CHECKING:
    from asyncpg import Connection

SubtreeRow = tuple[int, int, bytes]
"""Height, position, hash."""


class Completed:
    """Gathers the subtrees that appending completes, for `add_subtrees`."""

    def __init__(self) -> None:
        self.rows: list[SubtreeRow] = []

    def __call__(self, height: int, position: int, hashes: Sequence[bytes]) -> None:
        """Take note of one level (`CompactRange.extend`)."""
        if height >= STORED_HEIGHT:
            self.rows += [(height, place, found) for place, found in enumerate(hashes, position)]


async def add_subtrees(conn: "Connection", completed: Completed) -> None:
    """Store subtrees, in the transaction of the entries that completed them."""
    if completed.rows:
        await conn.copy_records_to_table("subtree", columns=("height", "position", "hash"), records=completed.rows)


async def subtrees(conn: "Connection", wanted: Sequence[Subtree]) -> dict[Subtree, bytes]:
    """The stored hashes of complete subtrees."""
    # The limit keeps the planner at the index, row by row: a join would read the whole table for a dozen rows.
    rows = await conn.fetch(
        """
        select w.height, w.position, s.hash from unnest($1::smallint[], $2::bigint[]) as w(height, position)
        cross join lateral (
            select hash from subtree where height = w.height and position = w.position limit 1
        ) s
        """,
        [tree.height for tree in wanted],
        [tree.position for tree in wanted],
    )
    return {Subtree(row["height"], row["position"]): row["hash"] for row in rows}


async def every_subtree(conn: "Connection") -> list[SubtreeRow]:
    """All that are stored, to be checked: one row in 128 entries."""
    return [tuple(row) for row in await conn.fetch("select height, position, hash from subtree")]


async def block(conn: "Connection", number: int) -> list[bytes]:
    """The leaf hashes of one block of entries, as far as there are any."""
    joined = await conn.fetchval(
        "select string_agg(leaf_hash, ''::bytea order by seq) from entry where seq >= $1 and seq < $2",
        number * BLOCK,
        (number + 1) * BLOCK,
    )
    return [] if joined is None else [joined[n : n + HASH_BYTES] for n in range(0, len(joined), HASH_BYTES)]


async def found(conn: "Connection", events: Sequence[UUID]) -> dict[UUID, tuple[int, bytes]]:
    """Number and leaf of the entry of each event that is in the log."""
    rows = await conn.fetch("select event_id, seq, leaf from entry where event_id = any($1::uuid[])", events)
    return {row["event_id"]: (row["seq"], row["leaf"]) for row in rows}


async def events_of(conn: "Connection", entries: Sequence[int]) -> dict[int, UUID]:
    """The event of each entry that is in the log, by the entry's number."""
    rows = await conn.fetch("select seq, event_id from entry where seq = any($1::bigint[])", entries)
    return {row["seq"]: row["event_id"] for row in rows}
