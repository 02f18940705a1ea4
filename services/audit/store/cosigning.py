"""SQL of witnesses' signatures on the log's checkpoints."""

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asyncpg import Connection


async def note_of(conn: "Connection", size: int) -> str | None:
    """The checkpoint of this size; None when there is none."""
    note: str | None = await conn.fetchval("select note from checkpoint where size = $1", size)
    return note


async def add_cosignature(conn: "Connection", size: int, witness: str, line: str, at: datetime) -> None:
    """Keep a co-signature; a witness signs a size once."""
    await conn.execute(
        "insert into cosignature (size, witness, line, at) values ($1, $2, $3, $4) on conflict do nothing",
        size,
        witness,
        line,
        at,
    )


async def newest_cosigned(conn: "Connection") -> tuple[int, str] | None:
    """Size and note of the newest checkpoint that a witness has signed."""
    row = await conn.fetchrow(
        "select c.size, c.note from checkpoint c join cosignature s using (size) order by c.size desc limit 1"
    )
    return None if row is None else (row["size"], row["note"])


async def newest_cosignature(conn: "Connection") -> tuple[int, str, tuple[str, ...], datetime] | None:
    """Size, note with its co-signatures, witnesses and time of the last one, of the newest checkpoint that has any."""
    row = await conn.fetchrow(
        """
        select c.size, c.note || string_agg(s.line, '' order by s.witness) as note,
            array_agg(s.witness order by s.witness) as witnesses, max(s.at) as at
        from checkpoint c join cosignature s using (size)
        where c.size = (select max(size) from cosignature) group by c.size, c.note
        """
    )
    return None if row is None else (row["size"], row["note"], tuple(row["witnesses"]), row["at"])


async def cosignatures(conn: "Connection", sizes: list[int]) -> dict[int, str]:
    """The witnesses' signature lines of these sizes."""
    rows = await conn.fetch(
        "select size, string_agg(line, '' order by witness) as lines from cosignature where size = any($1) group by 1",
        sizes,
    )
    return {row["size"]: row["lines"] for row in rows}
