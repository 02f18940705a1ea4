"""SQL of what workers do with notices: in the transaction of the caller."""

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
