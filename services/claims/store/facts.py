"""SQL of what the rules of a registration ask of the register's replica."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.facts import Granted, RegisterFacts

_GRANTED: Final = text(
    """
    select payee = :client as to_client, first, last from register_decision
    where benefit = :benefit and granted and not withdrawn and (payee = :client or client = :client)
    """
)
_DIED: Final = text("select min(died) from register_person where client = :client and not withdrawn")


async def register_facts(conn: AsyncConnection, client: str, benefit: str) -> RegisterFacts:
    """What the register says of a client and a benefit, as far as it has reached this service."""
    found = await conn.execute(_GRANTED, {"client": client, "benefit": benefit})
    granted = tuple(Granted(row.to_client, row.first, row.last) for row in found)
    died = (await conn.execute(_DIED, {"client": client})).scalar_one()
    return RegisterFacts(granted, died)
