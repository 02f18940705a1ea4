"""What the rules count: loaded for a batch of entries and stored with the position after it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final
from uuid import UUID

from services.audit.domain.anomalies.book import Book, DayCount, Open, SetKey, SetKind, Worker
from services.audit.domain.anomalies.reading import Duty, Stored
from services.audit.domain.anomalies.seen import Mark, Unfollowed

if TYPE_CHECKING:
    from asyncpg import Connection

_ENTRIES: Final = """
    select e.seq, e.type, e.time, case when e.type = any($3) then e.leaf else '' end as leaf, k.person
    from entry e left join person_key k on k.id = e.person_key
    where e.seq >= $1 order by e.seq limit $2
"""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed personal part and its wrapped key."""

    seq: int
    event_id: UUID
    personal: bytes
    person: str
    month: str
    wrapped: str


async def lock_position(conn: "Connection") -> int:
    """The first entry that was not looked at yet, held until the transaction ends."""
    place: int = await conn.fetchval("select next from anomaly_position for update")
    return place


async def move_position(conn: "Connection", to: int) -> None:
    """Everything before this entry was looked at."""
    await conn.execute("update anomaly_position set next = $1", to)


async def entries_from(conn: "Connection", first: int, most: int, types: Collection[str]) -> list[Stored]:
    """Entries in order; those of other types without their leaf."""
    rows = await conn.fetch(_ENTRIES, first, most, list(types))
    return [
        Stored(r["seq"], r["type"], r["time"], r["leaf"], p if (p := r["person"]) and p.startswith("v") else None)
        for r in rows
    ]


async def sealed_of(conn: "Connection", seqs: Collection[int]) -> dict[int, Sealed]:
    """Personal parts of these entries, where there are any that were not erased."""
    rows = await conn.fetch(
        """
        select e.seq, e.event_id, e.personal, k.person, k.month, k.wrapped
        from entry e join person_key k on k.id = e.person_key
        where e.seq = any($1) and e.personal_state = 'sealed' and k.wrapped is not null
        """,
        list(seqs),
    )
    return {row["seq"]: Sealed(*row.values()) for row in rows}


async def load_workers(conn: "Connection", book: Book, workers: Collection[Worker], since: date) -> None:
    """Days, months, duties and own pseudonyms of workers."""
    pairs = [one[0] for one in workers], [one[1] for one in workers]
    wanted = "join unnest($1::text[], $2::text[]) as w(o, w) on organisation = o and worker = w"
    for row in await conn.fetch(f"select * from anomaly_day {wanted} where day >= $3", *pairs, since):
        counted = DayCount(row["look_ups"], tuple(row["entries"]), tuple(row["night"]))
        book.days[row["organisation"], row["worker"]][row["day"]] = counted
    for row in await conn.fetch(f"select * from anomaly_month {wanted}", *pairs):
        settled = Unfollowed(row["month"], row["followed"], row["unfollowed"], tuple(row["entries"]))
        book.months[(row["organisation"], row["worker"]), row["month"]] = settled
    for row in await conn.fetch(f"select d.* from anomaly_duty d {wanted}", *pairs):
        book.duties[row["organisation"], row["worker"]][row["id"]] = Duty(*row.values())
    for row in await conn.fetch(f"select a.* from anomaly_worker a {wanted}", *pairs):
        book.as_client[row["organisation"], row["worker"]] = row["as_client"]


async def load_duties(conn: "Connection", book: Book, ids: Collection[str]) -> None:
    """Duties by the id of their mandate."""
    for row in await conn.fetch("select * from anomaly_duty where id = any($1)", list(ids)):
        book.duties[row["organisation"], row["worker"]][row["id"]] = Duty(*row.values())


async def load_marks(conn: "Connection", book: Book, keys: Collection[SetKey]) -> None:
    """Different ones of these sets."""
    rows = await conn.fetch(
        """
        select m.kind, m.key, m.element, m.unit, m.day, m.seq from anomaly_mark m
        join unnest($1::text[], $2::text[]) as s(kind, key) on m.kind = s.kind and m.key = s.key
        """,
        [key[0] for key in keys],
        [key[1] for key in keys],
    )
    for row in rows:
        kind: SetKind = row["kind"]
        mark = Mark(row["element"], row["unit"], row["day"], row["seq"])
        book.marks[kind, row["key"]][mark.element] = mark


async def load_open(conn: "Connection", book: Book, pairs: Collection[tuple[str, str]]) -> None:
    """Look-ups that wait for an action: of organisations and persons."""
    rows = await conn.fetch(
        """
        select organisation, person, worker, day, due, seq from anomaly_open
        join unnest($1::text[], $2::text[]) as w(o, p) on organisation = o and person = p
        """,
        [one[0] for one in pairs],
        [one[1] for one in pairs],
    )
    for row in rows:
        book.open[row["organisation"], row["person"]][row["worker"]] = Open(*row.values())


async def staff_among(conn: "Connection", pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Which of these (organisation, person) are workers of the organisation."""
    rows = await conn.fetch(
        """
        select organisation, as_client from anomaly_worker
        join unnest($1::text[], $2::text[]) as w(o, p) on organisation = o and as_client = p
        """,
        [one[0] for one in pairs],
        [one[1] for one in pairs],
    )
    return {(row["organisation"], row["as_client"]) for row in rows}


async def add_workers(conn: "Connection", found: Iterable[tuple[Worker, str]]) -> None:
    """Keep what workers are called as clients."""
    await conn.executemany(
        "insert into anomaly_worker (organisation, worker, as_client) values ($1, $2, $3) on conflict do nothing",
        [(*worker, as_client) for worker, as_client in found],
    )


async def overdue(conn: "Connection", day: date, most: int) -> Sequence[Open]:
    """Look-ups whose days for an action ended before a day, in order."""
    rows = await conn.fetch(
        """
        select organisation, person, worker, day, due, seq from anomaly_open where due < $1 order by due, seq limit $2
        """,
        day,
        most,
    )
    return [Open(*row.values()) for row in rows]


async def purge(conn: "Connection", before: date) -> None:
    """Forget counts of days that no rule looks back to."""
    await conn.execute("delete from anomaly_day where day < $1", before)
    await conn.execute("delete from anomaly_mark where day < $1", before)
    await conn.execute("delete from anomaly_month where month < $1", f"{before:%Y-%m}")
