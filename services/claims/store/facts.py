"""SQL of what the rules of a registration ask of the register's replica."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.due import Fate
from services.claims.domain.facts import Granted, RegisterFacts
from services.claims.domain.registration import Claim
from shared.clock.civil import helsinki_date

_GRANTED: Final = text(
    """
    select payee = :client as to_client, first, last from register_decision
    where benefit = :benefit and granted and not withdrawn and (payee = :client or client = :client)
    """
)
_DIED: Final = text("select min(died) from register_person where client = :client and not withdrawn")
_REFUSED: Final = text(
    """
    with told as (
        select granted, decided from register_decision
        where benefit = :benefit and not withdrawn and (payee = :client or client = :client)
            and (first is null or cast(:last as date) is null or first <= :last) and (last is null or last >= :first)
    )
    select exists (select from told where not granted and decided >= :arrived)
        and not exists (select from told where granted)
    """
)


async def register_facts(conn: AsyncConnection, client: str, benefit: str) -> RegisterFacts:
    """What the register says of a client and a benefit, as far as it has reached this service."""
    found = await conn.execute(_GRANTED, {"client": client, "benefit": benefit})
    granted = tuple(Granted(row.to_client, row.first, row.last) for row in found)
    died = (await conn.execute(_DIED, {"client": client})).scalar_one()
    return RegisterFacts(granted, died)


async def fate(conn: AsyncConnection, claim: Claim) -> Fate:
    """What the register tells that takes a claim its object: a death, or that the awaited benefit is refused."""
    died = (await conn.execute(_DIED, {"client": claim.client})).scalar_one()
    period = {"first": claim.first, "last": claim.last, "arrived": helsinki_date(claim.arrived)}
    refused = await conn.execute(_REFUSED, {"client": claim.client, "benefit": claim.benefit, **period})
    return Fate(died, bool(refused.scalar_one()))
