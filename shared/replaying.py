"""Trying a quarantined message again, outside the running service, with the service's own handlers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka.errors import KafkaError

from shared.bus import quarantine
from shared.bus.batch import replay
from shared.bus.consumer import Consumer
from shared.bus.quarantine import Quarantined
from shared.bus.transaction import Refuse
from shared.database.errors import classify, sqlstate_of
from shared.kit import Kit

FACTS_SECONDS: Final = 15.0
"""How long to wait for the facts that a handler decides by."""
RETRY_SECONDS: Final = 0.2


async def replay_row(kit: Kit, id: int, facts: Sequence[str] = (), *, seconds: float = FACTS_SECONDS) -> str | None:
    """Give effect to one row of the quarantine: None when it took effect, else why not.

    Its event id still counts once, so a message that has taken effect meanwhile changes nothing. A reply goes to
    nobody any more: whoever sent a command asks by idempotency key.

    Args:
        kit: The composed service; its consumers are not started.
        id: Number of the row.
        facts: Background work of the kit that keeps what the handlers decide by, such as a replica read from Kafka.
            While it knows too little, handlers raise `TimeoutError` and are tried again.
        seconds: How long to try for such facts.

    Raises:
        Exception: the database or Kafka failed in a way that passes by itself.
    """
    async with kit.engine.connect() as conn:
        found = await quarantine.row(conn, id)
    if found is None:
        return f"there is no row {id}"
    consumer = kit.consumers.get(found.consumer)
    if consumer is None:
        asked = any(loop.name == found.consumer for loop in kit.loops)
        return "it is a question, and nobody waits for its answer any more" if asked else "no consumer here reads it"
    if not facts:
        return await _try(kit, consumer, found)
    try:
        await kit.broker.connect()
    except (KafkaError, OSError) as error:
        return f"Kafka does not answer ({type(error).__name__}), and what decides is read from it"
    async with _working(kit, facts):
        return await _try_for(kit, consumer, found, seconds)


@asynccontextmanager
async def _working(kit: Kit, names: Sequence[str]) -> AsyncIterator[None]:
    tasks = [asyncio.ensure_future(kit.backgrounds[name]()) for name in names]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await kit.broker.stop()


async def _try_for(kit: Kit, consumer: Consumer, found: Quarantined, seconds: float) -> str | None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(TimeoutError):
                    return await _try(kit, consumer, found)
                await asyncio.sleep(RETRY_SECONDS)
    return "what it is decided by is stale or was never heard; do the other services run?"


async def _try(kit: Kit, consumer: Consumer, found: Quarantined) -> str | None:
    try:
        return await replay(consumer.batch, found.record, found.id, kit.log)
    except Refuse as error:
        return error.reason
    except Exception as error:
        if classify(error) == "transient":
            raise
        state = sqlstate_of(error)
        return f"it fails again ({type(error).__name__ if state is None else f'SQLSTATE {state}'})"
