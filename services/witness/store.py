"""The SQL of the witness."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.witness.domain.judging import NOTHING, Refusal, Signed

if TYPE_CHECKING:
    from asyncpg import Connection


@dataclass(frozen=True, slots=True)
class OpenRefusal:
    """A refusal that nobody has acknowledged."""

    id: int
    finding: str
    reason: str
    at: datetime


async def last_signed(conn: "Connection") -> Signed:
    """The newest checkpoint that was signed."""
    row = await conn.fetchrow("select size, root, log_key from signed order by size desc limit 1")
    return NOTHING if row is None else Signed(*row)


async def was_signed(conn: "Connection", size: int, root: bytes) -> bool:
    """Whether this very checkpoint was signed before."""
    return bool(await conn.fetchval("select true from signed where size = $1 and root = $2", size, root))


async def add_signed(conn: "Connection", signed: Signed, cosignature: str, at: datetime) -> bool:
    """Remember what is signed now; False when this size was signed before."""
    done = await conn.execute(
        "insert into signed (size, root, cosignature, at, log_key) values ($1, $2, $3, $4, $5) on conflict do nothing",
        signed.size,
        signed.root,
        cosignature,
        at,
        signed.log_key,
    )
    return bool(done == "INSERT 0 1")


async def add_refusal(
    conn: "Connection", event: UUID, refusal: Refusal, offered: Signed, note: str, at: datetime
) -> None:
    """Remember what was refused, with the note: signed by the log, it is the proof against it."""
    await conn.execute(
        """
        insert into refusal (event_id, finding, reason, size, root, note, at) values ($1, $2, $3, $4, $5, $6, $7)
        """,
        event,
        refusal.finding.value,
        refusal.reason,
        offered.size,
        offered.root,
        note,
        at,
    )


async def open_refusals(conn: "Connection") -> list[OpenRefusal]:
    """What was refused and not acknowledged, oldest first. What lacked a proof is settled by the next signature."""
    rows = await conn.fetch(
        """
        select id, finding, reason, at from refusal
        where acknowledged is null
            and (finding <> 'unproven' or at > coalesce((select max(at) from signed), '-infinity'))
        order by id
        """
    )
    return [OpenRefusal(row["id"], row["finding"], row["reason"], row["at"]) for row in rows]


async def acknowledge(conn: "Connection", id: int, explanation: str, at: datetime) -> bool:
    """Note why a refusal came about; False when there is no such open one. What is signed does not change."""
    done = await conn.execute(
        "update refusal set acknowledged = $2, explanation = $3 where id = $1 and acknowledged is null",
        id,
        at,
        explanation,
    )
    return bool(done == "UPDATE 1")
