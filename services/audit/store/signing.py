"""What signing needs: the committed head, what is told of it, and the checkpoints."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from services.audit.domain.merkle import CompactRange
from shared.bus.offsets import Position

if TYPE_CHECKING:
    from asyncpg import Connection

CONSUMER: Final = "audit-log"
"""The consumer whose stored position says what is in the log."""


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


async def lock_signing(conn: "Connection") -> int:
    """The size of the newest checkpoint, held until the transaction ends: each proof leads from the one before it."""
    await conn.execute("select pg_advisory_xact_lock(hashtext('checkpoint'))")
    newest = await newest_checkpoint(conn)
    return 0 if newest is None else newest[0]


async def add_checkpoint(conn: "Connection", size: int, note: str, at: datetime) -> bool:
    """Store a signed checkpoint of a head that the log has reached; False when this or a larger size has one."""
    done = await conn.execute(
        """
        insert into checkpoint (size, note, at)
        select $1, $2, $3 from head where size >= $1 and not exists (select from checkpoint where size >= $1)
        on conflict do nothing
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
    """The newest checkpoint up to this size and up to about `most` earlier ones, evenly spread."""
    rows = await conn.fetch(
        """
        select size, note from (
            select size, note, row_number() over (order by size) - 1 as n, count(*) over () as total
            from checkpoint where size <= $1
        ) numbered
        where n = total - 1 or n % greatest(1, total / $2) = 0 order by size
        """,
        size,
        most,
    )
    return {row["size"]: row["note"] for row in rows}


async def unpublished(conn: "Connection", after: int, upto: int, most: int) -> list[tuple[int, str]]:
    """Size and body of the assignments that lead from one size on, up to another."""
    rows = await conn.fetch(
        "select size, body from assignment where size > $1 and size <= $2 order by size limit $3", after, upto, most
    )
    return [(row["size"], row["body"]) for row in rows]


async def assigned_root(conn: "Connection", size: int) -> bytes | None:
    """The root over the first `size` entries, where a batch ended there."""
    root: bytes | None = await conn.fetchval("select root from assignment where size = $1", size)
    return root
