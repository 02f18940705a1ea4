"""Taking uses back by their events: a reversing row beside the use, its tally less one, its user recounted.

Whichever comes first, the use or its reversal, the second one finds the first: batches that only add share a lock, a
batch with reversals holds it alone. So a user is struck from the active ones only while nobody can be adding a use. A
reversal takes effect on a use of its own service, or when a clerk made it; another is kept as `foreign`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.usage import REVERSAL_COLUMNS, Reversal, Usage
from services.billing.store.usage import TallyKey, add_to_tallies
from shared.database.engine import raw

if TYPE_CHECKING:
    from asyncpg import Connection, Record

_FIRST: Final = "lookup"
"""The service of uses that were stored before their service was: nothing else was ever reversed by its service."""
_ITS_OWN: Final = f"(r.source = 'clerk' or r.service = coalesce(u.service, '{_FIRST}'))"
_SHARED: Final = "select pg_advisory_xact_lock_shared(hashtext('billing.usage.reversing'))"
_ALONE: Final = "select pg_advisory_xact_lock(hashtext('billing.usage.reversing'))"
_ANY_WAITS: Final = "select exists (select from reversal where state = 'waiting')"
_WAITING: Final = """
    select r.of, bool_or(r.service = use.service) as own
    from reversal r join unnest($1::uuid[], $2::date[], $3::text[]) use (event, day, service)
        on use.event = r.of and use.day = r.day
    where r.of = any($1::uuid[]) and r.state = 'waiting' group by r.of
"""
# A use is reversed once: a second reversal, by whomever, is kept and changes nothing. One that waits and names another
# day or comes from another service than the use does not stand in the way of the right one.
_ADD: Final = f"""
    insert into reversal ({", ".join(REVERSAL_COLUMNS)}, state)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9,
        case when exists (
            select from reversal where of = $2
                and (state = 'applied' or (state = 'waiting' and day = $6 and service = $9))
        ) then 'superseded' else 'waiting' end
    on conflict (event_id) do nothing
"""
_APPLY: Final = f"""
    insert into usage (event_id, agreement, member, product, time, day, quantity, reverses)
    select r.event_id, u.agreement, u.member, u.product, u.time, u.day, -1, u.event_id
    from reversal r join usage u on u.event_id = r.of and u.day = r.day
    where r.of = any($1::uuid[]) and r.day = any($2::date[]) and r.state = 'waiting' and u.quantity = 1 and {_ITS_OWN}
    returning event_id, reverses, agreement, member, product, day
"""
_FOREIGN: Final = f"""
    update reversal r set state = 'foreign' from usage u
    where r.of = any($1::uuid[]) and r.day = any($2::date[]) and r.state = 'waiting'
        and u.event_id = r.of and u.day = r.day and u.quantity = 1 and not {_ITS_OWN}
"""
_APPLIED: Final = "update reversal set state = 'applied' where event_id = any($1::uuid[])"
_NO_LONGER_ACTIVE: Final = """
    delete from active_user a
    using (
        select distinct date_trunc('month', u.day)::date as month, u.agreement, u.worker from usage u
        where u.event_id = any($1::uuid[]) and u.day = any($2::date[]) and u.worker is not null
    ) touched
    where a.month = touched.month and a.agreement = touched.agreement and a.worker = touched.worker
      and not exists (
        select from usage_in_effect e
        where e.agreement = a.agreement and e.worker = a.worker
          and e.day >= a.month and e.day < (a.month + interval '1 month')::date
      )
"""
_FIND: Final = """
    select agreement, member, product, time, day from usage where event_id = $1 and quantity = 1
"""
_LIST: Final = """
    select event_id, of, agreement, time, reason, source, service, state, recorded_at from reversal
    where $1 or state in ('waiting', 'foreign') order by recorded_at, event_id
"""


@dataclass(frozen=True, slots=True)
class Used:
    """A stored use, as far as reversing it needs."""

    agreement: str | None
    member: str | None
    product: str
    time: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Listed:
    """A reversal and what became of it."""

    event: UUID
    of: UUID
    agreement: str | None
    time: datetime
    reason: str
    source: str
    service: str
    state: str
    recorded_at: datetime


async def hold(conn: AsyncConnection, *, reversing: bool) -> None:
    """Take part in writing usage until the transaction ends: alone when something is reversed, else beside others."""
    await (await raw(conn)).execute(_ALONE if reversing else _SHARED)


async def waiting_for(conn: AsyncConnection, uses: Sequence[Usage]) -> dict[UUID, bool]:
    """Which of these uses a reversal waits for, and whether one of their own service does, which takes effect.

    Nearly always none, which costs next to nothing.
    """
    connection = await raw(conn)
    if not await connection.fetchval(_ANY_WAITS):
        return {}
    named = [use.event for use in uses], [use.day for use in uses], [use.service or _FIRST for use in uses]
    return {row["of"]: row["own"] for row in await connection.fetch(_WAITING, *named)}


async def add_reversals(conn: AsyncConnection, reversals: Iterable[Reversal]) -> None:
    """Keep reversals; each waits until it is applied. The transaction holds the lock alone."""
    await (await raw(conn)).executemany(_ADD, reversals)


async def apply_reversals(
    conn: AsyncConnection, uses: Collection[UUID], days: Collection[date], *, recount: bool
) -> list[UUID]:
    """Apply the waiting reversals of these uses; those whose use is not there go on waiting.

    One from another service than its use takes no effect and is set aside as foreign.

    Args:
        conn: The transaction, with the lock.
        uses: Events of the uses.
        days: Their days, in which they are looked for.
        recount: Whether a user may have been counted for one of the uses; needs the lock alone.

    Returns:
        The uses that were reversed now.
    """
    connection = await raw(conn)
    applied = await connection.fetch(_APPLY, list(uses), list(days))
    await connection.execute(_FOREIGN, list(uses), list(days))
    if not applied:
        return []
    await add_to_tallies(conn, _tallies(applied))
    await connection.execute(_APPLIED, [row["event_id"] for row in applied])
    if recount:
        await _recount(connection, applied)
    return [row["reverses"] for row in applied]


def _tallies(applied: "Sequence[Record]") -> dict[TallyKey, int]:
    counted = Counter([(r["day"], r["agreement"] or "", r["member"] or "", r["product"]) for r in applied])
    return {key: -number for key, number in counted.items()}


async def _recount(connection: "Connection", applied: "Sequence[Record]") -> None:
    await connection.execute(
        _NO_LONGER_ACTIVE, [row["reverses"] for row in applied], sorted({row["day"] for row in applied})
    )


async def find_use(conn: AsyncConnection, event: UUID) -> Used | None:
    """The use of an event, wherever it lies; looks through every month."""
    row = await (await raw(conn)).fetchrow(_FIND, event)
    return None if row is None else Used(*row.values())


async def reversals(conn: AsyncConnection, *, all_: bool) -> list[Listed]:
    """Reversals that wait for their use, or are not their service's to tell; with `all_` every one."""
    return [Listed(*row.values()) for row in await (await raw(conn)).fetch(_LIST, all_)]
