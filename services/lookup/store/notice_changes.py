"""SQL of what workers do with notices, and of commands that were done: each in the transaction of the caller."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.lookup.domain.notices import Standing
from services.lookup.store.notices import STANDING, standing
from shared.bus.transaction import Tx

LOCK: Final = f"{STANDING} for update"
CHANGE: Final = """
    update notice set version = $2, municipality = $3, state = $4, taken_by = $5, taken_at = $6, done_by = $7,
        done_at = $8, moved = $9
    where id = $1
    """
HISTORY: Final = """
    insert into notice_change (notice, version, time, action, worker, organisation, from_municipality,
        to_municipality, request)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """
# Two who send the same key at once meet here: the second waits for the first and then finds what it did.
SERIALISE: Final = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
RECALL: Final = "select digest, answer::text from command_done where organisation = $1 and key = $2"
REMEMBER: Final = "insert into command_done (organisation, key, digest, answer) values ($1, $2, $3, $4::jsonb)"


class DecidedBefore(Exception):
    """The request was decided before, so that nothing may be changed by it any more: the transaction is undone."""


async def recall(tx: Tx, organisation: str, key: str) -> tuple[bytes, str] | None:
    """What was done by a command of this key: digest of its content, and the answer's JSON."""
    connection = await tx.raw()
    await connection.fetchval(SERIALISE, f"{organisation}/{key}")
    row = await connection.fetchrow(RECALL, organisation, key)
    return None if row is None else (row["digest"], row["answer"])


async def remember(tx: Tx, organisation: str, key: str, digest: bytes, answer: str) -> None:
    """Keep what a command did, together with what it did."""
    connection = await tx.raw()
    await connection.execute(REMEMBER, organisation, key, digest, answer)


async def lock(tx: Tx, notice: str) -> Standing | None:
    """The notice as it stands, held until the transaction ends: two workers come one after the other."""
    connection = await tx.raw()
    row = await connection.fetchrow(LOCK, notice)
    return None if row is None else standing(row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a worker did with a notice."""

    before: Standing
    after: Standing
    action: str
    time: datetime
    worker: str
    organisation: str
    request: UUID


async def keep(tx: Tx, change: Change) -> None:
    """Write a change and its history."""
    connection, before, after = await tx.raw(), change.before, change.after
    await connection.execute(
        CHANGE,
        after.notice,
        after.version,
        after.municipality,
        after.state,
        after.taken_by,
        after.taken_at,
        after.done_by,
        after.done_at,
        after.moved,
    )
    await connection.execute(
        HISTORY,
        after.notice,
        after.version,
        change.time,
        change.action,
        change.worker,
        change.organisation,
        before.municipality,
        after.municipality,
        change.request,
    )
