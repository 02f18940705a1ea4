"""SQL of the read model: what the register and the claims service have told of each client.

Look-ups use the asyncpg connection directly: one statement is one round trip, prepared once a connection.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.lookup.domain.found import Found, Recorded
from shared.bus.transaction import Tx
from shared.contracts.answers import ClaimRow
from shared.contracts.register import Application, Decision, Kind, Payment, Person
from shared.database.engine import driver

KINDS: Final[tuple[Kind, ...]] = ("person", "application", "decision", "payment")
"""Each kind of register record is a table of that name."""

UPSERT_RECORDS: Final[Mapping[Kind, str]] = {
    kind: f"""
    insert into {kind} as known (id, version, client, body)
    select id, version, client, body::jsonb
    from unnest($1::text[], $2::int[], $3::text[], $4::text[]) as new (id, version, client, body)
    on conflict (id) do update set version = excluded.version, client = excluded.client, body = excluded.body
    where excluded.version > known.version
    """
    for kind in KINDS
}
UPSERT_CLAIMS: Final = """
    insert into claim as known (id, version, client, organisation, body)
    select id, version, client, organisation, body::jsonb
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::text[])
        as new (id, version, client, organisation, body)
    on conflict (id) do update set version = excluded.version, client = excluded.client,
        organisation = excluded.organisation, body = excluded.body
    where excluded.version > known.version
    """
READ_CLIENT: Final = (
    "".join(
        f"select '{kind}' as kind, id, version, body::text from {kind} where client = $1 union all " for kind in KINDS
    )
    + "select 'claim', id::text, version, body::text from claim where client = $1 and organisation = $2"
)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One version of a register record, opened and checked. `body` is its JSON."""

    id: str
    version: int
    client: str
    body: str


@dataclass(frozen=True, slots=True)
class ClaimStored:
    """One version of a claim, as far as the person page shows it."""

    id: UUID
    version: int
    client: str
    organisation: str
    row: ClaimRow


async def upsert_records(tx: Tx, kind: Kind, rows: Sequence[RecordRow]) -> None:
    """Take records in; of each the highest version stays, whatever the order of arrival."""
    newest = _newest({}, rows)
    connection = await tx.raw()
    await connection.execute(
        UPSERT_RECORDS[kind],
        list(newest),
        [row.version for row in newest.values()],
        [row.client for row in newest.values()],
        [row.body for row in newest.values()],
    )


def _newest(known: dict[str, RecordRow], rows: Sequence[RecordRow]) -> dict[str, RecordRow]:
    for row in rows:
        earlier = known.get(row.id)
        if earlier is None or row.version > earlier.version:
            known[row.id] = row
    return known


async def upsert_claims(tx: Tx, claims: Sequence[ClaimStored]) -> None:
    """Take claims in; of each the highest version stays."""
    newest: dict[UUID, ClaimStored] = {}
    for claim in claims:
        if claim.id not in newest or claim.version > newest[claim.id].version:
            newest[claim.id] = claim
    connection = await tx.raw()
    await connection.execute(
        UPSERT_CLAIMS,
        list(newest),
        [claim.version for claim in newest.values()],
        [claim.client for claim in newest.values()],
        [claim.organisation for claim in newest.values()],
        [claim.row.model_dump_json() for claim in newest.values()],
    )


async def read_client(engine: AsyncEngine, client: str, organisation: str) -> Found:
    """Everything known of a client, in one round trip.

    Args:
        engine: Lookup's database.
        client: Client pseudonym.
        organisation: Business id of the asking organisation: only its own claims are read.
    """
    async with driver(engine) as connection:
        rows = await connection.fetch(READ_CLIENT, client, organisation)
    bodies: dict[str, list[tuple[str, int, str]]] = {}
    for kind, id_, version, body in rows:
        bodies.setdefault(kind, []).append((id_, version, body))
    # A person has one record; should a correction have left two, the later version speaks.
    person = max(bodies.get("person", ()), key=lambda row: (row[1], row[0]), default=None)
    return Found(
        person=None if person is None else Person.model_validate_json(person[2]),
        applications=tuple(
            Recorded(i, Application.model_validate_json(b)) for i, _, b in bodies.get("application", ())
        ),
        decisions=tuple(Recorded(i, Decision.model_validate_json(b)) for i, _, b in bodies.get("decision", ())),
        payments=tuple(Recorded(i, Payment.model_validate_json(b)) for i, _, b in bodies.get("payment", ())),
        claims=tuple(Recorded(i, ClaimRow.model_validate_json(b)) for i, _, b in bodies.get("claim", ())),
    )


async def counts(conn: AsyncConnection) -> dict[str, int]:
    """Rows of each table of the read model, for `kelmu lookup status`."""
    return {
        table: await conn.scalar(text(f"select count(*) from {table}")) or 0 for table in (*KINDS, "claim", "decided")
    }
