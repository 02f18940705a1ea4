"""What a line was counted from: the uses that a rating saw, what came between two ratings, the facts that it knew."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.explaining import Ground, Units
from services.billing.domain.rating import Count, MonthUsage

_SAME_PERIOD: Final = """
    ({0}.period = {1} or ({1} like '%/%' and split_part({0}.period, '/', 1) = split_part({1}, '/', 1)))
"""
_SEEN: Final = f"""
    select r.seen::text as seen, r.basis, r.agreements_until, r.rated, p.seen::text as before,
        p.agreements_until as before_until
    from rating r left join lateral (
        select * from rating p where p.agreement = r.agreement and p.book = r.book
            and {_SAME_PERIOD.format("p", "r.period")} and p.recorded_at < r.recorded_at
            and (p.document is not null or not p.correction)
        order by p.recorded_at desc, p.ordinal desc limit 1
    ) p on true
    where r.document = :document and r.agreement = :agreement and r.book = :book
        and {_SAME_PERIOD.format("r", ":period")} and r.correction = :correction
    order by r.recorded_at, r.ordinal limit 1
"""
_USED: Final = """
    select u.event_id, u.time, coalesce(u.member, '') as member, u.product, u.worker, r.event_id as reversal,
        coalesce(pg_visible_in_snapshot(r.written, cast(cast(:seen as text) as pg_snapshot)), false) as gone
    from usage u left join usage r on r.reverses = u.event_id and r.day = u.day
    where u.agreement = :agreement and u.day between :first and :last and u.quantity = 1
        and pg_visible_in_snapshot(u.written, cast(cast(:seen as text) as pg_snapshot))
"""
_USES: Final = f"""
    with used as ({_USED} and u.product = :product), found as (
        select *, count(*) filter (where not gone) over (order by time, event_id) as ordinal from used
    )
"""
_USERS: Final = f"""
    with used as ({_USED} and u.worker is not null), firsts as (
        select distinct on (coalesce(a.same_as, u.worker)) u.* from used u
        left join worker_alias a on a.worker = u.worker
            and pg_visible_in_snapshot(a.written, cast(cast(:seen as text) as pg_snapshot))
        where not u.gone order by coalesce(a.same_as, u.worker), u.time, u.event_id
    ), found as (select *, row_number() over (order by time, event_id) as ordinal from firsts)
"""
_LATE: Final = """
    with found as (
        select u.event_id, u.time, coalesce(u.member, '') as member, u.product, u.reverses as reversal,
            u.quantity = -1 as gone, 1::bigint as ordinal
        from usage u where u.agreement = :agreement and u.day between :first and :last
            and pg_visible_in_snapshot(u.written, cast(cast(:seen as text) as pg_snapshot))
            and (cast(:before as text) is null
                or not pg_visible_in_snapshot(u.written, cast(cast(:before as text) as pg_snapshot)))
    )
"""
_OF_LINE: Final = " (gone and :skip = 0 or not gone and ordinal > :skip and ordinal <= :until)"
_PAGE: Final = f"""
    select event_id, time, member, product, reversal, gone from found where {_OF_LINE}
        and (cast(:only as text) is null or member = :only)
        and (cast(:after as timestamptz) is null or (time, event_id) > (:after, cast(:after_event as uuid)))
    order by time, event_id limit :limit
"""
_BIG: Final = 2**62


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rating saw: snapshots of uses, numbers of agreements events; `before` what the one before it saw."""

    uses: str
    basis: str
    facts: int
    rated: Decimal
    before: str | None
    facts_before: int


@dataclass(frozen=True, slots=True)
class UsedEvent:
    """One use, as far as anybody is told of it: never by whom.

    Attributes:
        event: Id of its event; of a reversal, the reversal's own.
        reversal: The event that took it back; of a reversal, the use that it takes back.
        counts: 1; 0 when it was taken back before it was charged; -1 for a reversal that came late.
    """

    event: UUID
    time: datetime
    member: str
    product: str
    reversal: UUID | None
    counts: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Which uses are looked for: those of a line, or only one member's."""

    ground: Ground
    seen: Seen
    only: str | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = _BIG

    @property
    def found(self) -> str:
        """The query of its uses."""
        return {"uses": _USES, "users": _USERS}.get(self.ground.basis, _LATE)

    @property
    def parameters(self) -> dict[str, object]:
        """Values of the query."""
        units = self.ground.units or Units(0, _BIG)
        first, last = self.ground.days
        return {
            "agreement": self.ground.line.charged.agreement,
            "product": self.ground.line.product,
            "first": first,
            "last": last,
            "seen": self.seen.uses,
            "before": self.seen.before,
            "skip": units.skip,
            "until": units.skip + units.take,
            "only": self.only,
            "after": self.after and self.after[0],
            "after_event": self.after and str(self.after[1]),
            "limit": self.limit,
        }


async def seen_by(conn: AsyncConnection, ground: Ground) -> Seen | None:
    """What the rating saw that put a line on its document."""
    charged = ground.line.charged
    row = (
        await conn.execute(
            text(_SEEN),
            {
                "document": ground.invoice.number,
                "agreement": charged.agreement,
                "book": charged.price_book,
                "period": charged.period,
                "correction": ground.line.why == "correction",
            },
        )
    ).one_or_none()
    if row is None:
        return None
    return Seen(row.seen, row.basis, row.agreements_until, row.rated, row.before, row.before_until or 0)


async def events(conn: AsyncConnection, cut: Cut) -> AsyncIterator[UsedEvent]:
    """Stream uses in order of time."""
    late = cut.found is _LATE
    rows = await conn.stream(
        text(cut.found + _PAGE), _bound(cut.found + _PAGE, cut.parameters), execution_options={"yield_per": 1000}
    )
    async for row in rows:
        counts = (-1 if late else 0) if row.gone else 1
        yield UsedEvent(row.event_id, row.time, row.member, row.product, row.reversal, counts)


async def counted(conn: AsyncConnection, cut: Cut) -> dict[str, int]:
    """How many units of a line there are, by member."""
    query = f"{cut.found} select member, count(*) as n from found where not gone and {_OF_LINE} group by member"
    rows = await conn.execute(text(query), _bound(query, cut.parameters))
    return {row.member: row.n for row in rows}


async def month_seen(conn: AsyncConnection, cut: Cut) -> MonthUsage:
    """All use of an agreement's month that a rating saw, counted from the events."""
    query = (
        "select coalesce(member, '') as member, product, sum(quantity)::bigint as n from usage "
        "where agreement = :agreement and day between :first and :last "
        "and pg_visible_in_snapshot(written, cast(cast(:seen as text) as pg_snapshot)) group by 1, 2"
    )
    counts = await conn.execute(text(query), _bound(query, cut.parameters))
    users = f"{_USERS} select count(*) from found"
    active = await conn.scalar(text(users), _bound(users, cut.parameters))
    return MonthUsage(tuple(Count(row.member, row.product, row.n) for row in counts), active or 0, {})


@dataclass(frozen=True, slots=True)
class FactEvent:
    """An agreements event that stated membership or population."""

    event: UUID
    what: str
    """The agreement's id, or the municipality's code."""
    late: bool
    """Whether it came after the rating before."""


async def fact_events(
    conn: AsyncConnection, seen: Seen, agreement: str, codes: Sequence[str], year_end: int
) -> list[FactEvent]:
    """The events that stated an agreement's members and their population, each in the version that was known."""
    rows = await conn.execute(
        text(
            """
            select distinct on (what) event_id, what, id from (
                select id, event_id, convert_from(body, 'UTF8')::jsonb ->> 'id' as what from agreement_event
                where type = 'kelmu.agreements.agreement.v1' and id <= :until
                union all
                select id, event_id, convert_from(body, 'UTF8')::jsonb ->> 'municipality' from agreement_event
                where type = 'kelmu.agreements.population.v1' and id <= :until
                    and convert_from(body, 'UTF8')::jsonb ->> 'year_end' = :year_end
            ) fact where what = any(:wanted) order by what, id desc
            """
        ),
        {"until": seen.facts, "year_end": str(year_end), "wanted": [agreement, *codes]},
    )
    return [FactEvent(row.event_id, row.what, row.id > seen.facts_before) for row in rows]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came of a period before: charged by a document, rolled over or waived."""

    period: str
    outcome: str
    document: str | None
    amount: Decimal


async def earlier(conn: AsyncConnection, ground: Ground) -> list[Earlier]:
    """What was charged, rolled over or waived of the same period or year before a document."""
    charged = ground.line.charged
    same = _SAME_PERIOD.format("c", ":period")
    rows = await conn.execute(
        text(
            f"""
            with here as (select recorded_at from invoice where number = :document)
            select c.period, 'charged' as outcome, c.document, sum(c.amount) as amount, i.recorded_at
            from charge c join invoice i on i.number = c.document, here
            where c.agreement = :agreement and c.book = :book and {same} and i.recorded_at < here.recorded_at
                and c.why <> 'rectification' group by c.period, c.document, i.recorded_at
            union all
            select c.period, case when c.waived then 'waived' else 'rolled_over' end, null, c.amount, c.recorded_at
            from rolled_over c, here
            where c.agreement = :agreement and c.book = :book and {same} and c.recorded_at < here.recorded_at
            order by 5, 1
            """
        ),
        {
            "document": ground.invoice.number,
            "agreement": charged.agreement,
            "book": charged.price_book,
            "period": charged.period,
        },
    )
    return [Earlier(row.period, row.outcome, row.document, row.amount) for row in rows]


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision on rectification that a credit note carries out."""

    demand: str
    received: date
    outcome: str
    amount: Decimal
    grounds: str


async def decision_of(conn: AsyncConnection, note: str) -> Decided | None:
    """The decision behind a credit note."""
    row = (
        await conn.execute(
            text(
                "select d.id, d.received, x.outcome, x.amount, x.grounds from decision x "
                "join demand d on d.id = x.demand where x.document = :note"
            ),
            {"note": note},
        )
    ).one_or_none()
    return None if row is None else Decided(row.id, row.received, row.outcome, row.amount, row.grounds)


def _bound(query: str, values: dict[str, object]) -> dict[str, object]:
    """Those values that the query names."""
    return {name: value for name, value in values.items() if f":{name}" in query}
