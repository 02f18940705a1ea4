"""SQL of registrations: what came of each idempotency key of an organisation."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.registration import Claim
from shared.contracts.base import Refusal

_BEGIN: Final = text(
    """
    insert into registration (organisation, idempotency_key, request, content)
    values (:organisation, :key, :request, :content) on conflict do nothing
    """
)
_REGISTRATION: Final = text(
    """
    select content, claim, cast(refusal as text) as refusal, event from registration
    where organisation = :organisation and idempotency_key = :key
    """
)
_FINISH: Final = text(
    """
    update registration
    set request = :request, content = :content, claim = :claim, refusal = cast(:refusal as jsonb), event = :event
    where organisation = :organisation and idempotency_key = :key and claim is null
    """
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What is known of an idempotency key: a claim, or the last refusal and the event that tells of it."""

    content: bytes
    claim: UUID | None
    refusal: Refusal | None
    event: UUID | None


async def begin_registration(
    conn: AsyncConnection, organisation: str, key: str, request: UUID, content: bytes
) -> Registration | None:
    """Take the key, waiting for whoever holds it at this moment: None when it is new."""
    taken = await conn.execute(
        _BEGIN, {"organisation": organisation, "key": key, "request": request, "content": content}
    )
    return None if taken.rowcount == 1 else await registration(conn, organisation, key)


async def registration(conn: AsyncConnection, organisation: str, key: str) -> Registration | None:
    """What is known of an organisation's key."""
    row = (await conn.execute(_REGISTRATION, {"organisation": organisation, "key": key})).one_or_none()
    if row is None:
        return None
    refusal = None if row.refusal is None else Refusal.model_validate_json(row.refusal)
    return Registration(bytes(row.content), row.claim, refusal, row.event)


async def finish_registration(
    conn: AsyncConnection,
    organisation: str,
    key: str,
    *,
    request: UUID,
    content: bytes,
    event: UUID,
    outcome: Claim | Refusal,
) -> None:
    """Note what came of a key. A key that has its claim keeps it."""
    claim, refusal = (None, outcome) if isinstance(outcome, Refusal) else (outcome.id, None)
    await conn.execute(
        _FINISH,
        {
            "organisation": organisation,
            "key": key,
            "request": request,
            "content": content,
            "event": event,
            "claim": claim,
            "refusal": None if refusal is None else refusal.model_dump_json(),
        },
    )
