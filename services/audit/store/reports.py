"""The SQL of the generic reports: the entries that they count, and the reports that were made."""

from collections.abc import AsyncIterator, Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson
from pydantic import ValidationError

from services.audit.domain.generic_report import GenericReport
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided
from shared.contracts.agreements import MandateChanged, OrganisationChanged, UserChanged
from shared.contracts.base import Contract

if TYPE_CHECKING:
    from asyncpg import Connection

_PORTION: Final = 2_000
"""Small, so that the process goes on signing meanwhile."""
MOST_LISTED: Final = 1_000
_RECORDS: Final = {contract.ce_type: contract for contract in (OrganisationChanged, MandateChanged, UserChanged)}


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


async def looked_in(
    conn: "Connection", first: date, last: date, size: int
) -> AsyncIterator[list[tuple[UUID, datetime, date, bytes]]]:
    """Event id, event time, day and leaf of every entry of looking on these days, in portions. Inside a transaction."""
    cursor = await conn.cursor(
        "select event_id, time, counted_on, leaf from entry "
        "where type = $1 and counted_on between $2 and $3 and seq < $4",
        AccessDecided.ce_type,
        first,
        last,
        size,
    )
    while rows := await cursor.fetch(_PORTION):
        yield [tuple(row) for row in rows]


async def records_until(conn: "Connection", before: datetime, size: int) -> list[Contract]:
    """What the agreements service had published of organisations, mandates and accounts, as the log tells it."""
    rows = await conn.fetch(
        "select type, leaf from entry where type = any($1) and time < $2 and seq < $3",
        list(_RECORDS),
        before,
        size,
    )
    return [record for row in rows if (record := _record(row["type"], row["leaf"])) is not None]


def _record(type_: str, leaf: bytes) -> Contract | None:
    """A record as it was published; None when it is not of the form that it should have."""
    try:
        return _RECORDS[type_].model_validate(orjson.loads(leaf)["body"], strict=False)
    except (ValidationError, KeyError):
        return None


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


async def rows(conn: "Connection", organisation: str | None) -> list[GenericReport]:
    """The newest reports of an organisation, or of all; newest first."""
    found = await conn.fetch(
        """
        select content from generic_report where $1::text is null or organisation = $1
        order by month desc, municipality, organisation limit $2
        """,
        organisation,
        MOST_LISTED,
    )
    return [GenericReport.model_validate_json(row[0]) for row in found]


async def by_id(conn: "Connection", id_: UUID) -> GenericReport | None:
    """One report."""
    content: str | None = await conn.fetchval("select content from generic_report where id = $1", id_)
    return None if content is None else GenericReport.model_validate_json(content)


async def forget(conn: "Connection", before: Month) -> int:
    """Delete the reports of months before this one; how many they were. That they were made stays known."""
    done: str = await conn.execute("delete from generic_report where month < $1", str(before))
    return int(done.rpartition(" ")[2])
