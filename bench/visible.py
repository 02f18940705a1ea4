"""How long after its event a use stands in billing's tallies, where the clerk sees it."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import islice
from statistics import quantiles
from typing import TYPE_CHECKING, Final

import asyncpg

from bench.surroundings import fresh_database, kit_for, synthetic_history
from services.billing.app import USAGE_CONSUMER, compose
from shared.bus.publisher import Publisher
from shared.ids import event_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from deploy.local.stack import LocalStack
    from shared.bus.messages import Outgoing
    from shared.kit import Kit
    from shared.secrets import Secrets

EVENTS: Final = 400
EVERY_SECONDS: Final = 0.015
PERCENT: Final = 99
_SUM: Final = "select coalesce(sum(quantity), 0)::bigint from tally"


async def visible_after(stack: "LocalStack", held: "Secrets") -> float:
    """The 99th percentile of seconds from publishing to the tally, at a steady pace."""
    messages = [_renamed(n, one) for n, one in enumerate(islice(synthetic_history(held, EVENTS), EVENTS))]
    async with fresh_database(stack.postgres, "billing") as database:
        kit = kit_for("billing", stack.kafka, database, held)
        compose(kit)
        async with _consuming_from_now(kit):
            waits = await _waits(kit.publisher, database, messages)
    return quantiles(waits, n=100)[PERCENT - 1]


@asynccontextmanager
async def _consuming_from_now(kit: "Kit") -> "AsyncIterator[None]":
    """Billing's consumer, caught up with what the topic holds."""
    (consuming,) = (c for c in kit.consuming if c.consumer.name == USAGE_CONSUMER)
    await kit.broker.connect()
    await consuming.subscription.start()
    try:
        before = -1
        while before != (now := sum(consuming.consumer.assigned.values())) or not now:
            before = now
            await asyncio.sleep(1.0)
        yield
    finally:
        consuming.consumer.close()
        await kit.broker.stop()
        await kit.engine.dispose()


async def _waits(publisher: Publisher, database: str, messages: "Sequence[Outgoing]") -> list[float]:
    sent: list[float] = []
    seen: list[float] = []
    connection = await asyncpg.connect(database)
    before = int(await connection.fetchval(_SUM))

    async def watch() -> None:
        while len(seen) < len(messages):
            number = int(await connection.fetchval(_SUM)) - before
            seen.extend([time.perf_counter()] * (number - len(seen)))
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as group:
        group.create_task(watch())
        for message in messages:
            sent.append(time.perf_counter())
            await publisher.publish(message)
            await asyncio.sleep(EVERY_SECONDS)
    await connection.close()
    return [after - begin for begin, after in zip(sent, seen, strict=True)]


def _renamed(number: int, message: "Outgoing") -> "Outgoing":
    """The same look-up as another event, for those of the history are known already."""
    return replace(message, id=event_id("bench-visible", str(number)))
