"""SQL of handing claims over (siirto): whose they are, and what stands sealed beside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.bearing import Scope
from services.claims.store.lists import SCOPE, scoped
from services.claims.store.steps import CLOSED

_HELD: Final = text(
    f"""
    select id, number, client from claim where worker = :worker and state <> all(:closed) and {SCOPE}
    order by arrived, number limit :limit
    """
)
_NAMED: Final = text(f"select id, number, client from claim where number = any(:numbers) and {SCOPE}")
_SEALED: Final = text("select id, personal from claim where id = any(:ids)")
_RESEAL: Final = text("update claim set personal = :personal where id = :id")


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that may be handed over."""

    id: UUID
    number: str
    client: str


async def held(conn: AsyncConnection, worker: str, scope: Scope, limit: int) -> list[Held]:
    """The worker's open claims of the scope, those first that arrived first."""
    values = {"worker": worker, "closed": CLOSED, "limit": limit}
    return [Held(*row) for row in await conn.execute(_HELD, {**values, **scoped(scope)})]


async def named(conn: AsyncConnection, numbers: Sequence[str], scope: Scope) -> list[Held]:
    """Those of the scope that have one of the numbers."""
    return [Held(*row) for row in await conn.execute(_NAMED, {"numbers": list(numbers), **scoped(scope)})]


async def sealed(conn: AsyncConnection, claims: Sequence[UUID]) -> dict[UUID, str]:
    """What stands sealed beside the claims."""
    return {row.id: row.personal for row in await conn.execute(_SEALED, {"ids": list(claims)})}


async def reseal(conn: AsyncConnection, claim: UUID, personal: str) -> None:
    """Put something else sealed beside a claim, under its client's lock."""
    await conn.execute(_RESEAL, {"id": claim, "personal": personal})
