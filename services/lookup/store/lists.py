"""SQL of the lists: payments of one benefit to the inhabitants of a municipality, and who stands behind a pseudonym."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.domain.lists import Named, Paid
from shared.clock.civil import Month
from shared.database.engine import driver

# Benefit days are counted by the law's own calendar, in the domain. Calendar days, of which there are never fewer,
# leave the many out that cannot stand on the list.
_PAYMENTS: Final = """
    select payment.client,
        array_agg((payment.body ->> 'payday')::date) as paydays,
        array_agg((payment.body ->> 'first')::date) as firsts,
        array_agg((payment.body ->> 'last')::date) as lasts,
        array_agg((payment.body ->> 'gross')::numeric) as gross,
        array_agg(payment.withdrawn) as withdrawn
    from payment
    where payment.benefit = $1 and (payment.body ->> 'payday')::date <= $3
        and exists (
            select from person
            where person.client = payment.client and person.municipality = any ($2::text[]) and not person.withdrawn
        )
    group by payment.client
    """
PAYMENTS_OF_MANY_DAYS: Final = (
    _PAYMENTS
    + """
    having sum((payment.body ->> 'last')::date - (payment.body ->> 'first')::date + 1)
        filter (where not payment.withdrawn) >= $4::int
    """
)
PAYMENTS_OF_MONTH: Final = _PAYMENTS + "having max((payment.body ->> 'payday')::date) >= $4::date"
NAMES: Final = """
    select distinct on (client) client, body ->> 'identity_code' as code,
        concat_ws(' ', body ->> 'last_name', body ->> 'first_names') as name,
        (body ->> 'safety_prohibition')::boolean as protected
    from person where client = any ($1::text[]) and not withdrawn
    order by client, version desc, id desc
    """


async def payments_of_many_days(
    engine: AsyncEngine, benefit: str, municipalities: frozenset[str], *, until: date, days: int
) -> tuple[Paid, ...]:
    """Payments, up to a payday, of all inhabitants who may have been paid for so many days.

    Args:
        engine: Lookup's database.
        benefit: The list's benefit.
        municipalities: Codes that stand for the municipality.
        until: Last payday that counts.
        days: Who cannot have reached so many is left out.
    """
    return await _payments(engine, PAYMENTS_OF_MANY_DAYS, benefit, municipalities, until, days)


async def payments_of_month(
    engine: AsyncEngine, benefit: str, municipalities: frozenset[str], month: Month
) -> tuple[Paid, ...]:
    """Payments, up to the month's end, of all inhabitants to whom something was paid in it."""
    return await _payments(engine, PAYMENTS_OF_MONTH, benefit, municipalities, month.last, month.first)


async def _payments(
    engine: AsyncEngine, sql: str, benefit: str, municipalities: frozenset[str], until: date, limit: int | date
) -> tuple[Paid, ...]:
    async with driver(engine) as connection:
        rows = await connection.fetch(sql, benefit, sorted(municipalities), until, limit)
    return tuple(
        Paid(row["client"], *payment)
        for row in rows
        for payment in zip(row["paydays"], row["firsts"], row["lasts"], row["gross"], row["withdrawn"], strict=True)
    )


async def names_of(engine: AsyncEngine, clients: Sequence[str]) -> dict[str, Named]:
    """Who stands behind each pseudonym; the latest version of a person's record speaks."""
    async with driver(engine) as connection:
        rows = await connection.fetch(NAMES, list(clients))
    return {row["client"]: Named(row["code"], row["name"], bool(row["protected"])) for row in rows}
