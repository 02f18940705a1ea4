"""SQL of looking into the log: the entries of one person, and those that a search finds. It changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.audit.domain.claimed import READ as CLAIMED
from shared.contracts.access import AccessDecided, AccessReversed

if TYPE_CHECKING:
    from asyncpg import Connection

Place = tuple[datetime, int]
"""Event time and number of an entry: pages go by the one, then by the other."""
PATTERNS = 6
"""How many byte patterns a search may demand; one that is empty demands nothing."""


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry and what opens its personal part; `wrapped` None: the key was destroyed, or there never was one."""

    seq: int
    event_id: UUID
    time: datetime
    leaf: bytes
    personal: bytes | None
    person: str | None
    month: str | None
    wrapped: str | None
    erased: bool


async def keys_of(conn: "Connection", person: str, first_month: str, last_month: str) -> list[int]:
    """The living keys of a person, of months from the first to the last."""
    rows = await conn.fetch(
        "select id from person_key where person = $1 and month between $2 and $3 and erased is null",
        person,
        first_month,
        last_month,
    )
    return [row["id"] for row in rows]


async def erased_months(conn: "Connection", first_month: str) -> tuple[str, ...]:
    """Months, from the first on, of which somebody's key was destroyed. Whose it was is not known any more."""
    rows = await conn.fetch(
        "select distinct month from person_key where erased is not null and month >= $1 order by month", first_month
    )
    return tuple(row["month"] for row in rows)


async def places_of_person(
    conn: "Connection", keys: Sequence[int], since: datetime, before: Place, most: int
) -> list[Place]:
    """Places of the newest entries about the owner of these keys: looks, on pages of lists too, and steps of claims."""
    rows = await conn.fetch(
        """
        with mine as (
            select e.time, e.seq from entry e
            where e.person_key = any($1::bigint[]) and e.type = any($2::text[])
                and e.time >= $3 and (e.time, e.seq) < ($4, $5)
            union
            select e.time, e.seq from entry_person p join entry e on e.seq = p.seq
            where p.person_key = any($1::bigint[]) and e.type = any($2::text[])
                and e.time >= $3 and (e.time, e.seq) < ($4, $5)
        )
        select time, seq from mine order by time desc, seq desc limit $6
        """,
        keys,
        [AccessDecided.ce_type, *CLAIMED],
        since,
        *before,
        most,
    )
    return [(row["time"], row["seq"]) for row in rows]


async def reversals(conn: "Connection", events: Sequence[UUID]) -> dict[UUID, tuple[datetime, bytes]]:
    """When each of these reversals was told, and its leaf; those that are in the log."""
    rows = await conn.fetch(
        "select event_id, time, leaf from entry where event_id = any($1::uuid[]) and type = $2",
        events,
        AccessReversed.ce_type,
    )
    return {row["event_id"]: (row["time"], row["leaf"]) for row in rows}


async def sealed(conn: "Connection", numbers: Sequence[int]) -> dict[int, SealedEntry]:
    """Entries by their number."""
    rows = await conn.fetch(
        """
        select e.seq, e.event_id, e.time, e.leaf, e.personal, k.person, k.month, k.wrapped,
            k.erased is not null as erased
        from entry e left join person_key k on k.id = e.person_key where e.seq = any($1::bigint[])
        """,
        numbers,
    )
    return {row["seq"]: SealedEntry(*row.values()) for row in rows}


async def bounds(conn: "Connection", first: date, last: date) -> tuple[int, int] | None:
    """Least and greatest number of the entries of some Finnish days; None when there are none."""
    # The fence keeps the planner from walking the whole log by its number until a day fits.
    row = await conn.fetchrow(
        """
        select min(seq) as least, max(seq) as greatest
        from (select seq from entry where counted_on between $1 and $2 offset 0) within
        """,
        first,
        last,
    )
    return None if row["least"] is None else (row["least"], row["greatest"])


async def matching(
    conn: "Connection", span: tuple[int, int], period: tuple[date, date], patterns: Sequence[bytes], most: int
) -> list[int]:
    """Numbers of the newest entries of looking within a span of the log that hold all patterns.

    Args:
        conn: The log's database.
        span: First number, and the one after the last.
        period: First and last Finnish day.
        patterns: Bytes that the leaf must hold; a leaf is canonical JSON, so a field and its value are such bytes.
        most: How many at most.
    """
    rows = await conn.fetch(
        f"select e.seq from entry e where e.seq >= $1 and e.seq < $2 and {_FITS} order by e.seq desc limit $12",
        *span,
        *_conditions(period, patterns),
        most,
    )
    return [row["seq"] for row in rows]


async def matching_of_person(
    conn: "Connection",
    keys: Sequence[int],
    before: int,
    period: tuple[date, date],
    patterns: Sequence[bytes],
    most: int,
) -> list[int]:
    """The same among the entries that are about the owner of these keys."""
    rows = await conn.fetch(
        f"""
        select seq from (
            select e.seq from entry e where e.person_key = any($1::bigint[]) and e.seq < $2 and {_FITS}
            union
            select e.seq from entry_person p join entry e on e.seq = p.seq
            where p.person_key = any($1::bigint[]) and e.seq < $2 and {_FITS}
        ) found order by seq desc limit $12
        """,
        keys,
        before,
        *_conditions(period, patterns),
        most,
    )
    return [row["seq"] for row in rows]


_FITS = "e.type = $3 and e.counted_on between $4 and $5 and " + " and ".join(
    f"position(${number}::bytea in e.leaf) > 0" for number in range(6, 6 + PATTERNS)
)


def _conditions(period: tuple[date, date], patterns: Sequence[bytes]) -> tuple[object, ...]:
    if len(patterns) > PATTERNS:
        raise ValueError(f"a search has at most {PATTERNS} patterns")
    return (AccessDecided.ce_type, *period, *patterns, *(b"" for _ in range(PATTERNS - len(patterns))))
