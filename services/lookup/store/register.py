"""SQL of the read model: what the register and the claims service have told of each client.

Look-ups use the asyncpg connection directly: one statement is one round trip, prepared once a connection.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.lookup.domain.found import Found, Recorded
from shared.bus.transaction import Tx
from shared.contracts.answers import ClaimRow
from shared.contracts.base import Contract
from shared.contracts.register import (
    Application,
    Decision,
    Insurance,
    Kind,
    Medicine,
    Notice,
    Payment,
    Person,
    Recovery,
)
from shared.database.engine import driver
from shared.gate.kinship import LONGEST

if TYPE_CHECKING:
    from asyncpg import Record

C = TypeVar("C", bound=Contract)

KINDS: Final[tuple[Kind, ...]] = (
    "person",
    "application",
    "decision",
    "payment",
    "insurance",
    "recovery",
    "medicine",
)
"""Kinds that the person page shows; each is a table of that name."""

TABLES: Final[Mapping[Kind, str]] = {**{kind: str(kind) for kind in KINDS}, "notice": "notice_record"}
"""The table of each kind of register record."""

UPSERT_RECORDS: Final[Mapping[Kind, str]] = {
    kind: f"""
    insert into {kind} as known (id, version, client, body, withdrawn)
    select id, version, client, body::jsonb, withdrawn
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[]) as new (id, version, client, body, withdrawn)
    on conflict (id) do update set version = excluded.version, client = excluded.client, body = excluded.body,
        withdrawn = excluded.withdrawn
    where excluded.version > known.version
    """
    for kind in KINDS
}
# What a person record no longer names is deleted, what it newly names is inserted, what stays is not touched.
UPSERT_PERSONS: Final = f"""
    with changed as ({UPSERT_RECORDS["person"]} returning id, client, body, withdrawn),
    named as (
        select distinct changed.id as record, changed.client, one ->> 'kind' as kind, one ->> 'client' as other
        from changed cross join jsonb_array_elements(coalesce(body -> 'links', '[]')) as one
        where not withdrawn
    ),
    gone as (
        delete from link using changed
        where link.record = changed.id and not exists (
            select from named where named.record = link.record and named.client = link.client
                and named.kind = link.kind and named.other = link.other
        )
    )
    insert into link (record, client, kind, other) select record, client, kind, other from named
    on conflict do nothing
    """
UPSERT_NOTICES: Final = """
    insert into notice_record as known (id, version, client, body, withdrawn, created)
    select id, version, client, body::jsonb, withdrawn, created
    from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bool[], $6::timestamptz[])
        as new (id, version, client, body, withdrawn, created)
    on conflict (id) do update set version = excluded.version, client = excluded.client, body = excluded.body,
        withdrawn = excluded.withdrawn, created = excluded.created
    where excluded.version > known.version
    returning id
    """
UPSERT_CLAIMS: Final = """
    insert into claim as known (id, version, client, organisation, body)
    select id, version, client, organisation, body::jsonb
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[])
        as new (id, version, client, organisation, body)
    on conflict (id) do update set version = excluded.version, client = excluded.client,
        organisation = excluded.organisation, body = excluded.body
    where excluded.version > known.version
    """
_INVERSE: Final = "case kind when 'parent' then 'child' when 'child' then 'parent' else kind end"
# Half the way from each end, where the two meet is a path: that reads some hundred links where going all the way from
# one end would read thousands. Each link counts from both its ends: where only a child names its parent, the parent
# has a child all the same. Nobody is passed twice, so cycles end; `lateral` keeps every step an index scan.
KINSHIP: Final = f"""
    with recursive half (origin, person, there, back, visited) as (
        select origin, origin, array[]::text[], array[]::text[], array[origin]
        from (values ($4::text), ($1::text)) as ends (origin) where $4::text is not null
        union
        select half.origin, step.person, half.there || step.kind, step.inverse || half.back,
            half.visited || step.person
        from half cross join lateral (
            select other, kind, {_INVERSE} from link where link.client = half.person
            union all
            select client, {_INVERSE}, kind from link where link.other = half.person
        ) as step (person, kind, inverse)
        where cardinality(half.there) < {(LONGEST + 1) // 2} and step.person <> all (half.visited)
    )
    select distinct 'kinship', array_to_string(out.there || home.back, ','), 0, null::text
    from half as out join half as home on out.person = home.person
    where out.origin = $4 and home.origin = $1
        and cardinality(out.there) - cardinality(home.there) in (0, 1)
        and cardinality(out.there) + cardinality(home.there) <= {LONGEST}
        and not out.visited[:cardinality(out.visited) - 1] && home.visited
    """
READ_CLIENT: Final = f"""
    {
    "".join(
        f"select '{kind}' as kind, id, version, case when not withdrawn then body::text end as body from {kind}"
        " where client = $1 union all "
        for kind in KINDS
    )
}
    select 'claim', id::text, version, body::text from claim where client = $1 and organisation = $2
    union all
    select 'notice', null, 0, null
    where exists (
        select from notice
        where client = $1 and municipality = any ($3::text[]) and visible <= $5::timestamptz and parked is null
    )
    union all
    select * from ({KINSHIP}) as related
    """
# Ingest never asks for what another topic may still bring; what never came is counted here.
ORPHANS: Final[Mapping[str, str]] = {
    "no decision": """
        select count(*) from payment where not withdrawn
        and not exists (select from decision where decision.id = payment.body ->> 'decision')
        """,
    "no application": """
        select count(*) from decision where not withdrawn
        and not exists (select from application where application.id = decision.body ->> 'application')
        """,
    "decided early": """
        select count(*) from decision join application on application.id = decision.body ->> 'application'
        where not decision.withdrawn and decision.body ->> 'decided' < application.body ->> 'received'
        """,
}
"""Payments whose decision, and decisions whose application is not there; decisions older than their application."""


class RecordRow(NamedTuple):
    """One version of a register record, opened and checked. `body` is its JSON."""

    id: str
    version: int
    client: str
    body: str
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class ClaimStored:
    """One version of a claim, as far as the person page shows it."""

    id: UUID
    version: int
    client: str
    organisation: str
    row: ClaimRow


V = TypeVar("V", RecordRow, ClaimStored)


async def upsert_records(tx: Tx, kind: Kind, rows: Sequence[RecordRow]) -> None:
    """Take records of a shown kind in; of each the highest version stays, whatever the order of arrival."""
    connection = await tx.raw()
    await connection.execute(UPSERT_PERSONS if kind == "person" else UPSERT_RECORDS[kind], *_columns(_newest(rows)))


async def upsert_notices(tx: Tx, rows: Sequence[RecordRow]) -> list[RecordRow]:
    """Take notices in; of each the highest version stays.

    Returns:
        The ones that took effect: no older version and no repetition among them.
    """
    newest = _newest(rows)
    created = [Notice.model_validate_json(row.body).created for row in newest]
    connection = await tx.raw()
    taken = {id_ for (id_,) in await connection.fetch(UPSERT_NOTICES, *_columns(newest), created)}
    return [row for row in newest if row.id in taken]


async def upsert_claims(tx: Tx, claims: Sequence[ClaimStored]) -> None:
    """Take claims in; of each the highest version stays."""
    newest = _newest(claims)
    connection = await tx.raw()
    await connection.execute(
        UPSERT_CLAIMS,
        [claim.id for claim in newest],
        [claim.version for claim in newest],
        [claim.client for claim in newest],
        [claim.organisation for claim in newest],
        [claim.row.model_dump_json() for claim in newest],
    )


def _newest(rows: Iterable[V]) -> list[V]:
    newest: dict[str | UUID, V] = {}
    for row in rows:
        if row.id not in newest or row.version > newest[row.id].version:
            newest[row.id] = row
    return list(newest.values())


def _columns(rows: Sequence[RecordRow]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


async def read_client(
    engine: AsyncEngine,
    client: str,
    organisation: str,
    *,
    municipalities: frozenset[str],
    worker: str | None,
    now: datetime,
) -> Found:
    """Everything known of a client, in one round trip.

    Args:
        engine: Lookup's database.
        client: Client pseudonym.
        organisation: Business id of the asking organisation: only its own claims are read.
        municipalities: Codes that stand for the municipality on whose behalf is asked: whether it has a notice on the
            client in view. One that it has moved away, or cannot see yet, relates nobody to it.
        worker: The asking worker's pseudonym as a client, for kinship; None when the worker is not known.
        now: Business clock, for what is in view.
    """
    async with driver(engine) as connection:
        rows = await connection.fetch(READ_CLIENT, client, organisation, sorted(municipalities), worker, now)
    return _found(rows)


def _found(rows: Sequence["Record"]) -> Found:
    bodies: dict[str, list[tuple[str, int, str]]] = {}
    withdrawn: Counter[Kind] = Counter()
    for kind, id_, version, body in rows:
        if body is None and kind in KINDS:
            withdrawn[kind] += 1
        else:
            bodies.setdefault(kind, []).append((id_, version, body))
    # A person has one record; should a correction have left two, the later version speaks.
    person = max(bodies.get("person", ()), key=lambda row: (row[1], row[0]), default=None)

    def of(kind: str, contract: type[C]) -> tuple[Recorded[C], ...]:
        return tuple(Recorded(id_, contract.model_validate_json(body)) for id_, _, body in bodies.get(kind, ()))

    return Found(
        person=None if person is None else Person.model_validate_json(person[2]),
        applications=of("application", Application),
        decisions=of("decision", Decision),
        payments=of("payment", Payment),
        claims=of("claim", ClaimRow),
        insurance=of("insurance", Insurance),
        recoveries=of("recovery", Recovery),
        medicine=of("medicine", Medicine),
        withdrawn=dict(withdrawn),
        notice="notice" in bodies,
        kinship=tuple(sorted(tuple(kinds.split(",") if kinds else ()) for kinds, _, _ in bodies.get("kinship", ()))),
    )


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """Rows of each table of the read model and what in it hangs loose, for `kelmu lookup status`."""
    whole = {table: f"select count(*) from {table}" for table in (*TABLES.values(), "claim", "decided")}
    withdrawn = " + ".join(f"(select count(*) from {table} where withdrawn)" for table in TABLES.values())
    asked = {**whole, "withdrawn": f"select {withdrawn}", **ORPHANS}
    return {name: await conn.scalar(text(statement)) or 0 for name, statement in asked.items()}
