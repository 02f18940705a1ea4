"""The SQL of the generic reports: use counted from the entries of a month, and the reports that were made.

An entry says nothing that was checked (audit logs whatever was published), so every field is read as text and counted
only where it is what it should be: one odd entry must not keep a month's reports from being made.
"""

from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from services.audit.domain.generic_report import GenericReport, Override, Use
from services.audit.domain.indicators import WorkingHours
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided
from shared.contracts.agreements import MandateChanged, OrganisationChanged, UserChanged
from shared.contracts.base import Contract, DataGroup

if TYPE_CHECKING:
    from asyncpg import Connection

_PORTION: Final = 5_000
_FIELDS: Final = len(fields(Use)) - 1
"""Columns before the records of each data group."""
_RECORDS: Final = {contract.ce_type: contract for contract in (OrganisationChanged, MandateChanged, UserChanged)}

_DIGITS: Final = "'^[0-9]{1,9}$'"
_TEXT: Final = r"replace(convert_from(e.leaf, 'UTF8'), '\u0000', '\ufffd')::json -> 'body'"
"""The body of an entry. What PostgreSQL cannot hold in a text is replaced, for the month's other entries' sake."""
_MONTH: Final = f"e.type = '{AccessDecided.ce_type}' and e.counted_on between $1 and $2 and e.seq < $3"
_USE: Final = f"""
    with logged as (
        select b.*, e.time at time zone 'Europe/Helsinki' as at
        from entry e, lateral json_to_record({_TEXT}) as b(
            organisation text, member text, worker text, action text, outcome text, rule text, purpose text,
            channel text, relation text, emergency text, persons text, shown json
        )
        where {_MONTH}
    ), hours as (
        select * from unnest($4::text[], $5::int[], $6::int[]) as h(unit, first, last)
    ), told as (
        select l.*, s.*,
            extract(isodow from l.at) > 5 or l.at::date = any($9::date[])
            or extract(hour from l.at) < coalesce(m.first, o.first, $7)
            or extract(hour from l.at) >= coalesce(m.last, o.last, $8) as outside
        from logged l
        left join hours m on m.unit = l.member
        left join hours o on o.unit = l.organisation,
        lateral json_to_record(case json_typeof(l.shown) when 'object' then l.shown else '{{}}' end) as s(
            {", ".join(f'"{group}" text' for group in DataGroup)}
        )
    )
    select coalesce(organisation, ''), coalesce(member, ''), coalesce(worker, ''), coalesce(action, 'look_up'),
        coalesce(outcome, ''), coalesce(rule, ''), coalesce(purpose, ''), coalesce(channel, ''),
        coalesce(relation, ''), coalesce(emergency, '') = 'true', outside,
        count(*), sum(case when persons is null then 1 when persons ~ {_DIGITS} then persons::int else 0 end),
        {", ".join(f'sum(case when "{group}" ~ {_DIGITS} then "{group}"::int else 0 end)' for group in DataGroup)}
    from told group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
"""
_OVERRIDES: Final = f"""
    select e.event_id, e.time, b.outcome, coalesce(b.organisation, ''), coalesce(b.member, '')
    from entry e, lateral json_to_record({_TEXT}) as b(organisation text, member text, outcome text, emergency text)
    where {_MONTH} and position('"emergency":true'::bytea in e.leaf) > 0 and b.emergency = 'true' order by e.seq
"""
_WORKERS: Final = f"""
    select distinct coalesce(b.organisation, ''), coalesce(b.worker, '')
    from entry e, lateral json_to_record({_TEXT}) as b(organisation text, worker text) where {_MONTH}
"""


async def size(conn: "Connection") -> int:
    """Entries of the log."""
    found: int = await conn.fetchval("select size from head")
    return found


async def first_month(conn: "Connection") -> Month | None:
    """The month of the first look-up in the log by event time; None while there is none."""
    day: date | None = await conn.fetchval(
        "select min(counted_on) from entry where type = $1 and counted_on is not null", AccessDecided.ce_type
    )
    return None if day is None else Month.of(day)


async def use_of(
    conn: "Connection", month: Month, size: int, hours: WorkingHours, holidays: Collection[date]
) -> AsyncIterator[Use]:
    """All use of a month, counted. Inside a transaction."""
    units = sorted(hours.units.items())
    rows = conn.cursor(
        _USE,
        month.first,
        month.last,
        size,
        [unit for unit, _ in units],
        [one.first for _, one in units],
        [one.last for _, one in units],
        hours.default.first,
        hours.default.last,
        sorted(holidays),
        prefetch=_PORTION,
    )
    async for row in rows:
        yield Use(dict(zip(DataGroup, row[_FIELDS:], strict=True)), *row[:_FIELDS])


async def overrides_in(conn: "Connection", month: Month, size: int) -> dict[tuple[str, str], list[Override]]:
    """Every use of the emergency override in a month, by organisation and municipality."""
    found: dict[tuple[str, str], list[Override]] = {}
    for event, time, outcome, organisation, member in await conn.fetch(_OVERRIDES, month.first, month.last, size):
        found.setdefault((organisation, member), []).append(Override(event=event, time=time, outcome=outcome or ""))
    return found


async def workers_in(conn: "Connection", first: date, last: date, size: int) -> set[tuple[str, str]]:
    """Who used anything on these days, by organisation and pseudonym."""
    return {(row[0], row[1]) for row in await conn.fetch(_WORKERS, first, last, size)}


async def records_until(conn: "Connection", before: datetime, size: int) -> list[Contract]:
    """What the agreements service had published of organisations, mandates and accounts, as the log tells it."""
    rows = await conn.fetch(
        f"select e.type, ({_TEXT})::text from entry e where e.type = any($1) and e.time < $2 and e.seq < $3",
        list(_RECORDS),
        before,
        size,
    )
    return [_RECORDS[type_].model_validate_json(body) for type_, body in rows]


async def begin(conn: "Connection", month: Month, at: datetime) -> bool:
    """Take it upon oneself to make a month's reports; False when they are made."""
    done: str = await conn.execute(
        "insert into generic_report_month (month, made) values ($1, $2) on conflict do nothing", str(month), at
    )
    return done == "INSERT 0 1"


async def made_months(conn: "Connection") -> set[Month]:
    """Months whose reports are made."""
    return {Month.parse(row[0]) for row in await conn.fetch("select month from generic_report_month")}


async def keep(conn: "Connection", reports: Collection[GenericReport]) -> None:
    """Keep reports, each once."""
    await conn.executemany(
        """
        insert into generic_report (id, month, organisation, municipality, content) values ($1, $2, $3, $4, $5)
        on conflict do nothing
        """,
        [(one.id, str(one.month), one.organisation, one.municipality, one.model_dump_json()) for one in reports],
    )


async def reports_of(
    conn: "Connection", first: Month, last: Month, of: Mapping[str, str] | None = None
) -> list[GenericReport]:
    """Reports of these months, by month, municipality and organisation.

    Args:
        conn: The database.
        first: The first month.
        last: The last month.
        of: `organisation` and `municipality`, each only when it is asked for.
    """
    wanted = of or {}
    rows = await conn.fetch(
        """
        select content from generic_report where month between $1 and $2
            and ($3::text is null or organisation = $3) and ($4::text is null or municipality = $4)
        order by month, municipality, organisation
        """,
        str(first),
        str(last),
        wanted.get("organisation"),
        wanted.get("municipality"),
    )
    return [GenericReport.model_validate_json(row[0]) for row in rows]


async def forget(conn: "Connection", before: Month) -> int:
    """Delete the reports of months before this one; how many they were. That they were made stays known."""
    done: str = await conn.execute("delete from generic_report where month < $1", str(before))
    return int(done.rpartition(" ")[2])
