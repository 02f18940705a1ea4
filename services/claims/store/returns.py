"""SQL of what municipalities gave back to Kela (palautukset): rows are added and never changed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.claims.bearing import Scope
from services.claims.domain.settlements import GivenBack
from services.claims.domain.stated import Returned
from services.claims.store.lists import SCOPE, scoped
from shared.clock.civil import Month

_ADD: Final = text(
    """
    insert into claim_return (claim, version, amount, day, reference)
    values (:claim, :version, :amount, :day, :reference)
    """
)
_OF_CLAIM: Final = text("select amount, day, reference from claim_return where claim = :claim order by version")
_SUMS: Final = text("select claim, sum(amount) as amount from claim_return where claim = any(:claims) group by claim")
_OF_MONTH: Final = text(
    f"""
    select claim.number, one.version, one.amount, one.day, one.reference
    from claim_return as one join claim on claim.id = one.claim
    where one.day between :first and :last and {SCOPE}
    """
)


async def add(conn: AsyncConnection, claim: UUID, version: int, returned: Returned) -> None:
    """Note a return, by the version of the claim that it made."""
    values = {"amount": returned.amount, "day": returned.day, "reference": returned.reference}
    await conn.execute(_ADD, {"claim": claim, "version": version, **values})


async def of_claim(conn: AsyncConnection, claim: UUID) -> list[Returned]:
    """What was given back of the claim, in the order in which it was recorded."""
    return [Returned(row.amount, row.day, row.reference) for row in await conn.execute(_OF_CLAIM, {"claim": claim})]


async def sums(conn: AsyncConnection, claims: Sequence[UUID]) -> dict[UUID, Decimal]:
    """How much was given back of each claim; claims of which nothing was are left out."""
    return {row.claim: row.amount for row in await conn.execute(_SUMS, {"claims": list(claims)})}


async def of_month(conn: AsyncConnection, scope: Scope, month: Month) -> list[GivenBack]:
    """What was given back in the month of claims of the scope."""
    found = await conn.execute(_OF_MONTH, {**scoped(scope), "first": month.first, "last": month.last})
    return [GivenBack(row.number, row.version, Returned(row.amount, row.day, row.reference)) for row in found]
