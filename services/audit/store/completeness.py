"""The SQL of comparing: what stands on Kafka by hour, what the log holds of it, and what comparing brought."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson

from services.audit.domain.completeness import AUDIT, BILLING, HOUR, OWN, Compared, Position, State
from shared.clock.civil import Month, helsinki_date
from shared.contracts.counting import HourCounted
from shared.counted import SUMS, held_of
from shared.counting import Held

if TYPE_CHECKING:
    from asyncpg import Connection

Published = tuple[UUID, datetime, str, str]
"""An event on Kafka: its id, hour and agreement, and which service keeps an account of it."""

# By id, so that the log is asked about each event itself; and what the log counts in the hour and Kafka does not hold.
_LOGGED: Final = f"""
    select null::date as day, agreement, {SUMS} from (
        select p.event_id, p.agreement from published_event p
        where p.hour = $1 and exists (select from entry e where e.event_id = p.event_id and e.counted_on is not null)
        union all
        select e.event_id, e.agreement from entry e
        where e.counted_on = $3 and e.time >= $1 and e.time < $2
            and not exists (select from published_event p where p.event_id = e.event_id)
    ) held group by 2
"""


@dataclass(frozen=True, slots=True)
class DueHour:
    """An hour to be compared, and the question to billing that is under way for it."""

    hour: datetime
    ask: UUID | None
    wanted: Mapping[Position, int]
    asked: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """What comparing one hour and agreement brought, as kept.

    Attributes:
        difference: Missing and extra ids by service, as JSON; None when there is no gap.
        found: Business clock, when the newest gap was found.
        closed: Business clock, when it was closed; None while it stands.
    """

    hour: datetime
    agreement: str
    published: int
    audit: int
    billing: int | None
    lookup: int | None
    claims: int | None
    state: State
    difference: str | None
    found: datetime | None
    closed: datetime | None


async def add_published(conn: "Connection", events: Sequence[Published]) -> None:
    """Keep events read from Kafka, each once; their hours are due again, also for a question under way."""
    await conn.execute(
        """
        with new as (
            insert into published_event (event_id, hour, agreement, publisher)
            select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[])
            on conflict do nothing returning hour
        )
        insert into compared_hour (hour) select distinct hour from new order by hour
        on conflict (hour) do update set due = true, ask = null, wanted = null, asked = null
        """,
        *zip(*events, strict=True),
    )


async def since(conn: "Connection") -> datetime | None:
    """From which hour on Kafka is known to be whole; None when nothing was read yet."""
    found: datetime | None = await conn.fetchval("select since from comparing")
    return found


async def begin(conn: "Connection", at: datetime) -> None:
    """Say from which hour on is compared, once."""
    await conn.execute("insert into comparing (since) values ($1) on conflict do nothing", at)


async def newest_hour(conn: "Connection", before: datetime) -> datetime | None:
    """The newest hour before this one that is known."""
    found: datetime | None = await conn.fetchval("select max(hour) from compared_hour where hour < $1", before)
    return found


async def add_hours(conn: "Connection", hours: Collection[datetime]) -> None:
    """Enter hours that are closed."""
    await conn.execute(
        "insert into compared_hour (hour) select * from unnest($1::timestamptz[]) on conflict do nothing", list(hours)
    )


async def due_hours(conn: "Connection", before: datetime, again: datetime, most: int) -> list[DueHour]:
    """Closed hours to be compared: the due ones, and those with a gap that were not compared since `again`."""
    rows = await conn.fetch(
        """
        select hour, ask, wanted, asked from compared_hour c
        where hour < $1 and hour >= (select since from comparing) and (due or (
            checked < $2 and hour in (select hour from compared where state = 'gap')))
        order by hour limit $3
        """,
        before,
        again,
        most,
    )
    return [DueHour(row["hour"], row["ask"], _places(row["wanted"]), row["asked"]) for row in rows]


async def note_asked(
    conn: "Connection", ask: UUID, hours: Sequence[datetime], wanted: Mapping[Position, int], at: datetime
) -> None:
    """Keep which question is under way."""
    await conn.execute(
        "update compared_hour set due = true, ask = $1, wanted = $2, asked = $3 where hour = any($4)",
        ask,
        json.dumps([[topic, partition, offset] for (topic, partition), offset in sorted(wanted.items())]),
        at,
        list(hours),
    )


async def answer_in_log(conn: "Connection", id_: UUID) -> HourCounted | None:
    """A service's answer, read from the log: there it is evidence."""
    leaf = await conn.fetchval("select leaf from entry where event_id = $1 and type = $2", id_, HourCounted.ce_type)
    return None if leaf is None else HourCounted.model_validate(orjson.loads(leaf)["body"], strict=False)


async def published_in(conn: "Connection", hour: datetime) -> dict[str, list[UUID]]:
    """Ids on Kafka of one hour, by agreement."""
    rows = await conn.fetch(
        "select agreement, array_agg(event_id) as ids from published_event where hour = $1 group by 1", hour
    )
    return {row["agreement"]: row["ids"] for row in rows}


async def published_by(conn: "Connection", hour: datetime, publisher: str) -> dict[str, list[UUID]]:
    """Those that one service keeps an account of."""
    rows = await conn.fetch(
        """
        select agreement, array_agg(event_id) as ids from published_event
        where hour = $1 and publisher = $2 group by 1
        """,
        hour,
        publisher,
    )
    return {row["agreement"]: row["ids"] for row in rows}


async def logged_in(conn: "Connection", hour: datetime) -> dict[str, Held]:
    """What the log holds of one hour, by agreement."""
    rows = await conn.fetch(_LOGGED, hour, hour + HOUR, helsinki_date(hour))
    return {agreement: held for (_, agreement), held in held_of(rows).items()}


async def states_of(conn: "Connection", hour: datetime) -> dict[str, tuple[State, int]]:
    """State and number of changes of each agreement of one hour. The hour is held until the transaction ends."""
    await conn.execute("select from compared_hour where hour = $1 for update", hour)
    rows = await conn.fetch("select agreement, state, changes from compared where hour = $1", hour)
    return {row["agreement"]: (State(row["state"]), row["changes"]) for row in rows}


async def keep(conn: "Connection", hour: datetime, found: Sequence[Compared], now: datetime) -> None:
    """Keep results; a gap keeps when it was found and when it was closed."""
    await conn.executemany(
        """
        insert into compared as c (hour, agreement, published, audit, billing, state, difference, changes, found,
            lookup, claims, untold)
        values ($1, $2, $3, $4, $5, $6::text, $7, case $6 when 'gap' then 1 else 0 end,
            case $6 when 'gap' then $8::timestamptz end, $9, $10, $11)
        on conflict (hour, agreement) do update set
            published = excluded.published, audit = excluded.audit,
            billing = coalesce(excluded.billing, c.billing), lookup = coalesce(excluded.lookup, c.lookup),
            claims = coalesce(excluded.claims, c.claims), untold = excluded.untold,
            state = excluded.state, difference = excluded.difference,
            changes = c.changes + ((c.state = 'gap') is distinct from (excluded.state = 'gap'))::int,
            found = case when c.state <> 'gap' and excluded.state = 'gap' then $8::timestamptz else c.found end,
            closed = case when excluded.state = 'gap' then null
                when c.state = 'gap' then $8::timestamptz else c.closed end
        """,
        [
            (
                hour,
                one.agreement,
                one.published,
                one.held[AUDIT],
                one.held.get(BILLING),
                one.state.value,
                _difference(one),
                now,
                *(one.held.get(service) for service in OWN),
                one.untold,
            )
            for one in found
        ],
    )


async def done(conn: "Connection", hour: datetime, at: datetime, *, answered: bool) -> None:
    """An hour was compared; without every answer it stays due."""
    await conn.execute(
        """
        update compared_hour set checked = $2, due = not $3,
            ask = case when $3 then null else ask end, wanted = case when $3 then null else wanted end,
            asked = case when $3 then null else asked end
        where hour = $1
        """,
        hour,
        at,
        answered,
    )


async def gaps(conn: "Connection") -> int:
    """How many hours and agreements have a gap now."""
    found: int = await conn.fetchval("select count(*) from compared where state = 'gap'")
    return found


async def hours_of(conn: "Connection", month: Month) -> int:
    """How many hours of a month were compared."""
    found: int = await conn.fetchval(
        "select count(*) from compared_hour where hour >= $1 and hour < $2 and checked is not null",
        month.starts_at,
        month.ends_before,
    )
    return found


async def results_of(conn: "Connection", month: Month) -> list[Result]:
    """What comparing brought of a month, by hour and agreement."""
    rows = await conn.fetch(
        """
        select hour, agreement, published, audit, billing, lookup, claims, state, difference, found, closed
        from compared where hour >= $1 and hour < $2 order by hour, agreement
        """,
        month.starts_at,
        month.ends_before,
    )
    return [Result(**{**dict(row), "state": State(row["state"])}) for row in rows]


async def gaps_of_month(conn: "Connection", month: Month, agreement: str | None = None) -> int | None:
    """How many events of a month the log misses now, of one agreement or of all; None when nothing was compared.

    Those that Kafka holds and the log does not, and those of which only whoever told them has kept an account.
    """
    row = await conn.fetchrow(
        """
        select count(*) filter (where checked is not null) as compared, (
            select coalesce(sum(greatest(published - audit, 0) + untold), 0)::bigint from compared
            where hour >= $1 and hour < $2 and ($3::text is null or agreement = $3)
        ) as missing
        from compared_hour where hour >= $1 and hour < $2
        """,
        month.starts_at,
        month.ends_before,
        agreement,
    )
    return int(row["missing"]) if row["compared"] else None


async def forget(conn: "Connection", now: datetime, age: timedelta) -> None:
    """Let go of ids that Kafka does not hold any more either; what comparing brought stays."""
    await conn.execute("delete from published_event where hour < $1", now - age)
    await conn.execute("update comparing set since = $1 where since < $1", now - age)


def _difference(one: Compared) -> str | None:
    if not one.differs:
        return None
    return orjson.dumps({"missing": dict(one.missing), "extra": dict(one.extra)}).decode()


def _places(text: str | None) -> dict[Position, int]:
    return {(topic, partition): offset for topic, partition, offset in json.loads(text or "[]")}
