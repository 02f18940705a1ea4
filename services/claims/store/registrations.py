"""SQL of registrations: what came of each idempotency key of an organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.registration import Claim
from services.claims.store.claims import PLAIN, WRITTEN, Step, written
from shared.contracts.base import Refusal

if TYPE_CHECKING:
    from asyncpg import Connection

_BEGIN: Final = """
    insert into registration (organisation, idempotency_key, request, content)
    select * from unnest($1::text[], $2::text[], $3::uuid[], $4::bytea[]) on conflict do nothing
    returning organisation, idempotency_key
    """
_ADVANCES: Final = len(WRITTEN) + 1
_REGISTER: Final = f"""
    with registered as (
        insert into claim ({PLAIN}, advances, care, personal)
        values ({", ".join(f"${at}" for at in range(1, _ADVANCES))},
            ${_ADVANCES}::text::jsonb, ${_ADVANCES + 1}::text::jsonb, ${_ADVANCES + 2})
    ), noted as (
        insert into claim_step (claim, version, act, state, party, worker, at)
        select $1, * from unnest(${_ADVANCES + 3}::int[], ${_ADVANCES + 4}::text[], ${_ADVANCES + 5}::text[],
            ${_ADVANCES + 6}::text[], ${_ADVANCES + 7}::text[], ${_ADVANCES + 8}::timestamptz[])
    )
    update registration
    set request = ${_ADVANCES + 9}, content = ${_ADVANCES + 10}, claim = $1, refusal = null, event = ${_ADVANCES + 11}
    where organisation = ${_ADVANCES + 12} and idempotency_key = ${_ADVANCES + 13} and claim is null
    """
"""The claim, its first steps and what its key brought, in one round trip: the id of the claim stands first."""
_REGISTRATION: Final = text(
    """
    select content, claim, cast(refusal as text) as refusal, event from registration
    where organisation = :organisation and idempotency_key = :key
    """
)
_REFUSE: Final = text(
    """
    update registration
    set request = :request, content = :content, claim = null, refusal = cast(:refusal as jsonb), event = :event
    where organisation = :organisation and idempotency_key = :key and claim is null
    """
)

Key = tuple[str, str]
"""An organisation's business id, and the idempotency key that it sent."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of an idempotency key: a claim, or the last refusal and the event that tells of it."""

    content: bytes
    claim: UUID | None
    refusal: Refusal | None
    event: UUID | None


@dataclass(frozen=True, slots=True)
class Sent:
    """Under which key something was sent, by which request, and a digest of what it was."""

    key: Key
    request: UUID
    content: bytes


async def begin(connection: "Connection", sent: Iterable[Sent]) -> set[Key]:
    """Take keys, waiting for whoever holds one at this moment: those that are new."""
    first = {one.key: one for one in reversed(list(sent))}
    if not first:
        return set()
    columns = zip(*((*key, first[key].request, first[key].content) for key in sorted(first)), strict=True)
    return {(organisation, key) for organisation, key in await connection.fetch(_BEGIN, *map(list, columns))}


async def registration(conn: AsyncConnection, key: Key) -> Registration | None:
    """What is known of an organisation's key."""
    row = (await conn.execute(_REGISTRATION, {"organisation": key[0], "key": key[1]})).one_or_none()
    if row is None:
        return None
    refusal = None if row.refusal is None else Refusal.model_validate_json(row.refusal)
    return Registration(bytes(row.content), row.claim, refusal, row.event)


async def register(
    connection: "Connection", sent: Sent, claim: Claim, personal: str, steps: Sequence[Step], event: UUID
) -> None:
    """Store a claim with its first steps, what names persons sealed beside it, and that its key brought it."""
    row = written(claim)
    noted = [[getattr(step, name) for step in steps] for name in ("version", "act", "state", "party", "worker", "at")]
    await connection.execute(
        _REGISTER,
        *(row[name] for name in WRITTEN),
        row["advances"],
        row["care"],
        personal,
        *noted,
        sent.request,
        sent.content,
        event,
        *sent.key,
    )


async def refuse(conn: AsyncConnection, sent: Sent, refusal: Refusal, event: UUID) -> None:
    """Note that what was sent with a key was refused. A key that has its claim keeps it."""
    await conn.execute(
        _REFUSE,
        {
            "organisation": sent.key[0],
            "key": sent.key[1],
            "request": sent.request,
            "content": sent.content,
            "event": event,
            "refusal": refusal.model_dump_json(),
        },
    )
