"""The SQL of specific reports: orders, decisions, and the entries that a report goes through."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.audit.domain.specific import About, SpecificReport, State
from shared.contracts.access import AccessDecided

if TYPE_CHECKING:
    from asyncpg import Connection, Record

MOST_LISTED = 200


async def add(conn: "Connection", report: SpecificReport) -> None:
    """Keep an order, once."""
    await conn.execute(
        """
        insert into specific_report
            (id, organisation, about, subject, first, last, asked_by, asked_at, sealed, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing
        """,
        report.id,
        report.organisation,
        report.about.value,
        report.subject,
        report.first,
        report.last,
        report.asked_by,
        report.asked_at,
        report.sealed,
        report.state.value,
    )


async def decide(conn: "Connection", report: SpecificReport) -> None:
    """Keep a decision; the first one stands."""
    await conn.execute(
        """
        update specific_report set state = $2, decided_by = $3, decided_at = $4
        where id = $1 and state = 'asked'
        """,
        report.id,
        report.state.value,
        report.decided_by,
        report.decided_at,
    )


async def by_id(conn: "Connection", id_: UUID) -> SpecificReport | None:
    """One order."""
    row = await conn.fetchrow("select * from specific_report where id = $1", id_)
    return None if row is None else _report(row)


async def newest(conn: "Connection", organisation: str | None, since: datetime) -> list[SpecificReport]:
    """Orders asked or decided since then, newest first; of one organisation, or of all."""
    rows = await conn.fetch(
        """
        select * from specific_report where ($1::text is null or organisation = $1)
            and coalesce(decided_at, asked_at) >= $2 order by asked_at desc, id limit $3
        """,
        organisation,
        since,
        MOST_LISTED,
    )
    return [_report(row) for row in rows]


async def of_worker(
    conn: "Connection", period: tuple[date, date], patterns: tuple[bytes, bytes], most: int
) -> list[int]:
    """Numbers of the entries of looking by a worker in an organisation's name, oldest first.

    Args:
        conn: The database.
        period: First and last Finnish day.
        patterns: What the leaf says of the worker, and of the organisation.
        most: How many at most.
    """
    rows = await conn.fetch(
        """
        select seq from entry where type = $1 and counted_on between $2 and $3
            and position($4::bytea in leaf) > 0 and position($5::bytea in leaf) > 0 order by seq limit $6
        """,
        AccessDecided.ce_type,
        *period,
        *patterns,
        most,
    )
    return [row["seq"] for row in rows]


async def of_client(
    conn: "Connection", keys: list[int], period: tuple[date, date], organisation: bytes, most: int
) -> list[int]:
    """Numbers of the entries of looking that are about the owner of these keys, pages of lists too, oldest first."""
    rows = await conn.fetch(
        """
        with mine as (
            select seq from entry where person_key = any($1::bigint[])
            union select seq from entry_person where person_key = any($1::bigint[])
        )
        select e.seq from mine join entry e using (seq) where e.type = $2 and e.counted_on between $3 and $4
            and position($5::bytea in e.leaf) > 0 order by e.seq limit $6
        """,
        keys,
        AccessDecided.ce_type,
        *period,
        organisation,
        most,
    )
    return [row["seq"] for row in rows]


def _report(row: "Record") -> SpecificReport:
    return SpecificReport(**{**row, "about": About(row["about"]), "state": State(row["state"])})
