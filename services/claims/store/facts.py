"""SQL of what the rules of a registration ask of the register's replica."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.domain.due import Fate
from services.claims.domain.facts import Granted, RegisterFacts
from services.claims.domain.registration import Claim
from shared.clock.civil import helsinki_date

if TYPE_CHECKING:
    from asyncpg import Connection

_GRANTED: Final = """
    select asked.client, asked.benefit, payee = asked.client as to_client, first, last
    from unnest($1::text[], $2::text[]) as asked (client, benefit) join register_decision as told
        on told.benefit = asked.benefit and (told.payee = asked.client or told.client = asked.client)
    where granted and not withdrawn
    """
_DEATHS: Final = """
    select client, min(died) from register_person where client = any($1::text[]) and not withdrawn group by client
    """
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


async def register_facts(
    connection: "Connection", asked: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], RegisterFacts]:
    """What the register says of each client and benefit, as far as it has reached this service.

    Args:
        connection: The transaction's connection.
        asked: Clients with the benefit that is asked of; each pair once.
    """
    clients, benefits = [client for client, _ in asked], [benefit for _, benefit in asked]
    granted: defaultdict[tuple[str, str], list[Granted]] = defaultdict(list)
    for client, benefit, to_client, first, last in await connection.fetch(_GRANTED, clients, benefits):
        granted[client, benefit].append(Granted(to_client, first, last))
    died = dict(await connection.fetch(_DEATHS, clients))
    return {pair: RegisterFacts(tuple(granted.get(pair, ())), died.get(pair[0])) for pair in asked}


_GRANTED_SINCE: Final = text(
    """
    select min(decided) from register_decision
    where payee = :client and benefit = :benefit and granted and not withdrawn
        and (first is null or cast(:last as date) is null or first <= :last) and (last is null or last >= :first)
    """
)
_ASKED: Final = text("select exists (select from claim_step where claim = :claim and act = 'ask_amounts')")


async def fate(conn: AsyncConnection, claim: Claim) -> Fate:
    """What the register tells that a claim waits for: a death, or how the awaited benefit was decided."""
    died = (await conn.execute(_DIED, {"client": claim.client})).scalar_one()
    period = {"first": claim.first, "last": claim.last, "arrived": helsinki_date(claim.arrived)}
    refused = await conn.execute(_REFUSED, {"client": claim.client, "benefit": claim.benefit, **period})
    asked = {"client": claim.client, "benefit": claim.benefit, "first": claim.first, "last": claim.last}
    granted = (await conn.execute(_GRANTED_SINCE, asked)).scalar_one()
    known = bool((await conn.execute(_ASKED, {"claim": claim.id})).scalar_one())
    return Fate(died, bool(refused.scalar_one()), granted, known)
