"""Storing what a batch of entries changed in the counts of the rules."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from services.audit.domain.anomalies.book import Book

if TYPE_CHECKING:
    from asyncpg import Connection

_DAY: Final = """
    insert into anomaly_day (organisation, worker, day, look_ups, entries, night)
    select o, w, d, n, e::bigint[], t::bigint[]
    from unnest($1::text[], $2::text[], $3::date[], $4::int[], $5::text[], $6::text[]) as r(o, w, d, n, e, t)
    on conflict (organisation, worker, day)
    do update set look_ups = excluded.look_ups, entries = excluded.entries, night = excluded.night
"""
_MARK: Final = """
    insert into anomaly_mark (kind, key, element, person, unit, day, seq)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::bigint[])
    on conflict (kind, key, element)
    do update set unit = excluded.unit, day = excluded.day, seq = excluded.seq
"""
_OPEN: Final = """
    insert into anomaly_open (organisation, person, worker, day, due, seq)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[], $6::bigint[])
    on conflict do nothing
"""
_CLOSED: Final = """
    delete from anomaly_open using unnest($1::text[], $2::text[], $3::text[]) as c(o, p, w)
    where organisation = o and person = p and worker = w
"""
_MONTH: Final = """
    insert into anomaly_month (organisation, worker, month, followed, unfollowed, entries)
    select o, w, m, f, u, e::bigint[]
    from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::int[], $6::text[]) as r(o, w, m, f, u, e)
    on conflict (organisation, worker, month)
    do update set followed = excluded.followed, unfollowed = excluded.unfollowed, entries = excluded.entries
"""
_DUTY: Final = """
    insert into anomaly_duty (id, version, organisation, worker, emergency, first, last)
    select * from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::date[], $7::date[])
    on conflict (id) do update set version = excluded.version, organisation = excluded.organisation,
        worker = excluded.worker, emergency = excluded.emergency, first = excluded.first, last = excluded.last
"""


async def save(conn: "Connection", book: Book) -> None:
    """Store everything that changed. The position is locked, so nobody else counts."""
    changed = book.changed
    await _many(conn, _CLOSED, sorted(changed.closed))
    await _many(
        conn, _OPEN, [(o.organisation, o.person, o.worker, o.day, o.due, o.seq) for o in changed.opened.values()]
    )
    days = [(*worker, day, book.days[worker][day]) for worker, day in sorted(changed.days)]
    await _many(conn, _DAY, [(o, w, d, n.look_ups, _array(n.entries), _array(n.night)) for o, w, d, n in days])
    marks = [(*key, person, book.marks[key][element]) for (key, element), person in sorted(changed.marks.items())]
    await _many(conn, _MARK, [(kind, key, m.element, p, m.unit, m.day, m.seq) for kind, key, p, m in marks])
    months = [(*worker, month, book.months[worker, month]) for worker, month in sorted(changed.months)]
    await _many(conn, _MONTH, [(o, w, m, u.followed, u.unfollowed, _array(u.entries)) for o, w, m, u in months])
    await _many(
        conn,
        _DUTY,
        [
            (d.id, d.version, d.organisation, d.worker, d.emergency, d.first, d.last)
            for _, d in sorted(changed.duties.items())
        ],
    )


def _array(numbers: Sequence[int]) -> str:
    """As PostgreSQL writes an array: `unnest` would flatten one of another dimension."""
    return "{" + ",".join(map(str, numbers)) + "}"


async def _many(conn: "Connection", statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        await conn.execute(statement, *(list(column) for column in zip(*rows, strict=True)))
