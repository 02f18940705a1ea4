"""Trying a quarantined request again, outside the running service, with the same handlers and the same facts."""

import asyncio
import contextlib
from typing import Final

from aiokafka.errors import KafkaError

from shared.bus import quarantine
from shared.bus.batch import replay
from shared.kit import Kit

FACTS_SECONDS: Final = 15.0
"""How long to wait for the replicas that decide about access."""


async def replay_row(kit: Kit, row: int, *, seconds: float = FACTS_SECONDS) -> str | None:
    """Give effect to one row of the quarantine: None when it took effect, else why not.

    The answer goes to nobody any more: whoever sent the request asks by idempotency key.
    """
    async with kit.engine.connect() as conn:
        found = [known for known in await quarantine.rows(conn) if known.id == row]
    if not found:
        return f"there is no row {row} that waits"
    try:
        await kit.broker.connect()
    except (KafkaError, OSError) as error:
        return f"Kafka does not answer ({type(error).__name__}), and the replicas are read from it"
    reading = [
        asyncio.create_task(_run(kit, name)) for name in kit.backgrounds if name != "outbox"
    ]  # the running service relays the outbox
    try:
        return await _try(kit, found[0], seconds)
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
        await kit.broker.stop()


async def _run(kit: Kit, name: str) -> None:
    await kit.backgrounds[name]()


async def _try(kit: Kit, found: quarantine.Quarantined, seconds: float) -> str | None:
    consumer = kit.consumers.get(found.consumer)
    if consumer is None:
        return f"this release has no consumer {found.consumer}"
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while True:
                with contextlib.suppress(TimeoutError):
                    return await replay(consumer.batch, found.record, found.id, kit.log)
                await asyncio.sleep(0.2)
    return "what decides about access is stale or was never heard; is the audit service running?"
