"""SQL of notices: where each stands, the pages of a municipality, one opened, and what statistics count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.lookup.data import notice_table
from services.lookup.domain.notice_statistics import Counted
from services.lookup.domain.notices import Placed, Standing, place
from services.lookup.domain.staggering import visible_days
from services.lookup.store.register import RecordRow
from shared.bus.transaction import Tx
from shared.contracts.register import Notice
from shared.database.engine import driver
from shared.directory.responsibility import basic_assistance_at_kela

if TYPE_CHECKING:
    from asyncpg import Record

PAGE_ROWS: Final = 100
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

ARRIVED: Final = """
    insert into notice as known (id, record_version, client, type, urgent, sent_to, municipality, created, visible,
        due, backlog, parked)
    select id, version, client, type, urgent, municipality, municipality, created, visible, due, backlog, parked
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::text[], $7::timestamptz[],
        $8::timestamptz[], $9::date[], $10::date[], $11::text[])
        as new (id, version, client, type, urgent, municipality, created, visible, due, backlog, parked)
    on conflict (id) do update set record_version = excluded.record_version, version = known.version + 1,
        client = excluded.client, type = excluded.type, urgent = excluded.urgent, sent_to = excluded.sent_to,
        municipality = case when known.moved then known.municipality else excluded.municipality end,
        created = excluded.created, visible = excluded.visible, due = excluded.due, backlog = excluded.backlog,
        parked = excluded.parked
    where excluded.record_version > known.record_version
    """
BACKLOG: Final = """
    select notice.id, notice_record.body::text from notice join notice_record using (id)
    where sent_to = $1 and notice.type = $2 and backlog = $3 and parked is null
    order by notice.created, notice.id
    """
# What a worker has in hand, or another municipality has been given, stays in view.
RESTAGGER: Final = """
    update notice set visible = new.visible, due = new.due
    from unnest($1::text[], $2::timestamptz[], $3::date[]) as new (id, visible, due)
    where notice.id = new.id and state = 'open' and not moved and notice.visible <> new.visible
    """
_COLUMNS: Final = """id, version, client, type, municipality, visible, due, urgent, state, taken_by, taken_at, done_by,
    done_at, moved"""
_SEEN: Final = "municipality = any ($1::text[]) and visible <= $2 and parked is null"
PAGE: Final = f"""
    select {_COLUMNS} from notice
    where {_SEEN} and ($3::text is null or state = $3 or ($3 = 'overdue' and state <> 'done' and due < $4))
        and (visible, id) > ($5, $6)
    order by visible, id limit {PAGE_ROWS + 1}
    """
MOVED_PAGE: Final = f"""
    select {_COLUMNS} from notice
    where municipality <> all ($1::text[]) and visible <= $2 and parked is null and (visible, id) > ($3, $4)
        and exists (
            select from notice_change
            where notice = notice.id and action = 'move' and from_municipality = any ($1::text[])
        )
    order by visible, id limit {PAGE_ROWS + 1}
    """
OVERDUE: Final = f"select count(*) from notice where {_SEEN} and state <> 'done' and due < $3"
ONE: Final = f"""
    select {_COLUMNS}, (select body::text from notice_record where notice_record.id = notice.id) as body
    from notice where {_SEEN} and id = $3
    """
STANDING: Final = f"select {_COLUMNS} from notice where id = $1 and parked is null"
COUNTED: Final = f"select type, visible, due, done_at from notice where {_SEEN} and visible >= $3 and visible < $4"


@dataclass(frozen=True, slots=True)
class Whose:
    """Which notices a worker sees: those of the municipality he acts for, from their time on.

    Attributes:
        municipalities: Codes that stand for it on the day.
        now: Business clock.
        day: Its day in Helsinki.
    """

    municipalities: frozenset[str]
    now: datetime
    day: date

    def has(self, one: Standing) -> bool:
        """Whether the notice is with the municipality and its time has come."""
        return one.municipality in self.municipalities and one.visible <= self.now

    @property
    def codes(self) -> list[str]:
        """As a bound value."""
        return sorted(self.municipalities)


async def arrived(tx: Tx, rows: Sequence[RecordRow]) -> None:
    """Take in notices that the register has told of or changed: where and when each is seen.

    An older version changes nothing; what workers did with a notice stays. A backlog of a first run is spread anew
    whenever it grows, so that the order of arrival makes no difference.
    """
    placed = [(row, Notice.model_validate_json(row.body)) for row in _newest(rows)]
    table = notice_table()
    places = [
        (row, notice, place(notice, table, basic_assistance_at_kela, withdrawn=row.withdrawn)) for row, notice in placed
    ]
    connection = await tx.raw()
    await connection.execute(ARRIVED, *_columns(places))
    backlogs = {(put.municipality, notice.type, put.backlog) for _, notice, put in places if put.backlog is not None}
    for municipality, type_, first_run in sorted(backlogs):
        await _stagger(tx, municipality, type_, first_run)


async def _stagger(tx: Tx, municipality: str, type_: str, first_run: date) -> None:
    connection, table = await tx.raw(), notice_table()
    rows = await connection.fetch(BACKLOG, municipality, type_, first_run)
    days = visible_days(len(rows), first_run, table.staggering)
    put = [
        place(Notice.model_validate_json(row["body"]), table, basic_assistance_at_kela, not_before=day)
        for row, day in zip(rows, days, strict=True)
    ]
    ids = [row["id"] for row in rows]
    await connection.execute(RESTAGGER, ids, [one.visible for one in put], [one.due for one in put])


def _newest(rows: Sequence[RecordRow]) -> list[RecordRow]:
    newest: dict[str, RecordRow] = {}
    for row in rows:
        if row.id not in newest or row.version > newest[row.id].version:
            newest[row.id] = row
    return list(newest.values())


def _columns(places: Sequence[tuple[RecordRow, Notice, Placed]]) -> tuple[list[object], ...]:
    return (
        [row.id for row, _, _ in places],
        [row.version for row, _, _ in places],
        [row.client for row, _, _ in places],
        [notice.type for _, notice, _ in places],
        [notice.urgent for _, notice, _ in places],
        [put.municipality for _, _, put in places],
        [notice.created for _, notice, _ in places],
        [put.visible for _, _, put in places],
        [put.due for _, _, put in places],
        [put.backlog for _, _, put in places],
        [put.parked for _, _, put in places],
    )


@dataclass(frozen=True, slots=True)
class Found:
    """One page: the notices, where the next one continues, how many of the municipality's are overdue in all."""

    rows: tuple[Standing, ...]
    next: str | None
    overdue: int


async def read_page(engine: AsyncEngine, whose: Whose, state: str | None, after: tuple[datetime, str]) -> Found:
    """A page of the municipality's notices, the longest visible first; `moved` are those it has given away."""
    async with driver(engine) as connection:
        if state == "moved":
            rows = await connection.fetch(MOVED_PAGE, whose.codes, whose.now, *after)
        else:
            rows = await connection.fetch(PAGE, whose.codes, whose.now, state, whose.day, *after)
        overdue = await connection.fetchval(OVERDUE, whose.codes, whose.now, whose.day)
    shown = tuple(standing(row) for row in rows[:PAGE_ROWS])
    return Found(shown, place_of(shown[-1]) if len(rows) > len(shown) else None, overdue)


async def read_one(engine: AsyncEngine, whose: Whose, notice: str) -> tuple[Standing, Notice] | None:
    """One notice and what Kela tells in it; None when the municipality has none such."""
    async with driver(engine) as connection:
        row = await connection.fetchrow(ONE, whose.codes, whose.now, notice)
    return None if row is None else (standing(row), Notice.model_validate_json(row["body"]))


async def read_standing(engine: AsyncEngine, notice: str) -> Standing | None:
    """How a notice stands, with whichever municipality it is; None when there is none that anybody sees."""
    async with driver(engine) as connection:
        row = await connection.fetchrow(STANDING, notice)
    return None if row is None else standing(row)


async def read_counted(engine: AsyncEngine, whose: Whose, first: datetime, before: datetime) -> tuple[Counted, ...]:
    """What statistics count: the municipality's notices that became visible in a period."""
    async with driver(engine) as connection:
        rows = await connection.fetch(COUNTED, whose.codes, whose.now, first, before)
    return tuple(Counted(row["type"], row["visible"], row["due"], row["done_at"]) for row in rows)


async def parked_counts(conn: AsyncConnection) -> dict[str, int]:
    """How many notices are kept and shown to nobody, by reason: for `kelmu lookup status`."""
    rows = await conn.execute(text("select parked, count(*) from notice where parked is not null group by parked"))
    return {row[0]: row[1] for row in sorted(rows)}


def standing(row: "Record") -> Standing:
    """A row of the table as the domain knows it."""
    return Standing(
        notice=row["id"],
        version=row["version"],
        client=row["client"],
        type=row["type"],
        municipality=row["municipality"],
        visible=row["visible"],
        due=row["due"],
        urgent=row["urgent"],
        state=row["state"],
        taken_by=row["taken_by"],
        taken_at=row["taken_at"],
        done_by=row["done_by"],
        done_at=row["done_at"],
        moved=row["moved"],
    )


def place_of(last: Standing) -> str:
    """Where the page after this row begins."""
    return f"{(last.visible - _EPOCH) // timedelta(microseconds=1)}.{last.notice}"


def read_place(after: str | None) -> tuple[datetime, str] | None:
    """The other way round; None when it is no such place."""
    if after is None:
        return _EPOCH, ""
    micros, _, notice = after.partition(".")
    if not (micros.isascii() and micros.isdigit()) or len(micros) > len("4102444800000000"):
        return None
    return _EPOCH + timedelta(microseconds=int(micros)), notice
