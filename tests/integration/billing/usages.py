"""Access events and their reversals, given to billing's handler in batches of a test's choice."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import load_prices
from services.billing.domain.rating import MonthUsage
from services.billing.handlers import on_usage
from services.billing.store.usage import month_usage
from shared.bus.messages import Delivered, Outgoing, Record, decode
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Tx
from shared.clock.civil import Month
from shared.contracts.access import AccessDecided, AccessReversed, Outcome
from shared.contracts.base import Channel, Contract
from shared.ids import event_id

DECEMBER = Month(2016, 12)
NOW = datetime(2017, 1, 2, tzinfo=UTC)
START = datetime(2016, 12, 1, 8, tzinfo=UTC)
PRODUCTS = load_prices().products


def worker(n: int, version: int = 1) -> str:
    return f"v{version}." + chr(ord("a") + n) * 26


def looked_up(
    n: int,
    *,
    by: str | None = None,
    agreement: str = "A-091",
    time: datetime | None = None,
    outcome: Outcome = Outcome.GRANTED,
    service: str = "lookup",
    publisher: str = "lookup",
) -> Outgoing:
    when = time or START + timedelta(minutes=n)
    body = AccessDecided(
        request=UUID(int=n),
        time=when,
        outcome=outcome,
        channel=Channel.UI,
        service=service,
        member=agreement[-3:],
        agreement=agreement,
        worker=by or worker(0),
        commitment="0" * 64,
        personal="access.1.sealed",
    )
    return Outgoing.of(ACCESS_EVENTS, agreement, event_id("access", str(n)), body, source=publisher, time=when)


def reversed_(of: Outgoing, *, days_off: int = 0, publisher: str = "lookup") -> Outgoing:
    use = AccessDecided.model_validate_json(of.body)
    told = use.time + timedelta(days=days_off)
    body = AccessReversed(of=of.id, time=told, agreement=use.agreement, member=use.member, reason="not_delivered")
    different = [str(days_off)] * bool(days_off) + [publisher] * (publisher != "lookup")
    id_ = event_id("access-reversed", str(of.id), *different)
    return Outgoing.of(ACCESS_EVENTS, use.agreement or "", id_, body, source=publisher, time=NOW)


def delivered(message: Outgoing) -> Delivered[Contract]:
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return decode(Record(message.topic, 0, 0, message.key, message.body, headers, 0))


async def feed(engine: AsyncEngine, *batches: Sequence[Outgoing], now: datetime = NOW) -> None:
    handle = on_usage(PRODUCTS, lambda: now)
    for batch in batches:
        async with engine.begin() as conn:
            await handle(Tx(conn), [delivered(message) for message in batch])


async def december(engine: AsyncEngine, agreement: str = "A-091") -> MonthUsage:
    async with engine.connect() as conn:
        return (await month_usage(conn, DECEMBER, PRODUCTS.active_products))[agreement]


async def queries(engine: AsyncEngine, agreement: str = "A-091") -> int:
    used = await december(engine, agreement)
    return sum(count.quantity for count in used.counts)


async def scalar(engine: AsyncEngine, sql: str) -> object:
    async with engine.connect() as conn:
        return await conn.scalar(text(sql))
