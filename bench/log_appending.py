"""Access events into the audit log: how fast, and how soon under a signed checkpoint."""

import asyncio
import os
import shutil
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

import asyncpg
import httpx
from aiokafka import AIOKafkaProducer

from bench.figures import Figure, at_least, below
from bench.floor import floor_rate
from bench.ingest import Stopwatch
from bench.surroundings import (
    CHECKOUT,
    ROOT,
    all_secrets,
    fill_access_events,
    fresh_database,
    synthetic_history,
    until,
)
from deploy.local.ports import HOST, free_port
from deploy.local.stack import LocalStack
from deploy.local.throwaway import empty_database
from services.audit.app import compose
from services.audit.settings import AuditSettings
from services.audit.store import CONSUMER
from shared.bus.messages import Outgoing
from shared.kit import Kit
from shared.secrets import Secrets

if TYPE_CHECKING:
    from uuid import UUID

EVENTS: Final = 60_000
RUNS: Final = 5
SHARE: Final = 0.3
PER_SECOND: Final = 2_000
SECONDS: Final = 15
BURST: Final = 20
"""Sent at once, a hundred times a second."""
P99_SECONDS: Final = 1.0
_SIGNED: Final = "select coalesce(max(size), 0) from checkpoint"
_LOOKS_SIGNED: Final = """
    select count(*) from entry
    where topic = 'access.events' and seq < (select coalesce(max(size), 0) from checkpoint)
"""
_WHEN_SIGNED: Final = """
    select e.event_id, (select min(c.at) from checkpoint c where c.size > e.seq) as at from entry e
"""


async def log_appending() -> list[Figure]:
    """Interleaved runs of the floor and of the log, reading the same topic from its beginning; then the waiting."""
    shutil.rmtree(ROOT, ignore_errors=True)
    async with LocalStack(root=ROOT) as stack:
        held = all_secrets(stack.root)
        await fill_access_events(stack.kafka, held, EVENTS)
        floors, rates = [], []
        for run in range(RUNS):
            async with empty_database(stack.postgres) as database:
                floors.append(await floor_rate(stack.kafka, database, EVENTS))
            async with fresh_database(stack.postgres, "audit") as database:
                rates.append(await append_rate(stack.kafka, database, held, f"log.bench.{run}"))
        async with fresh_database(stack.postgres, "audit") as database:
            waited = await signed_after(stack.kafka, database, held)
    name = f"event to signed checkpoint at {PER_SECOND:,} events/s, p99"
    return [
        at_least("access events into the log, signed", rates, floors, "events/s", SHARE),
        below(name, waited, "s", P99_SECONDS),
    ]


async def append_rate(kafka: str, database: str, held: Secrets, origin: str) -> float:
    """Records per second, from the first one read to the checkpoint over all of them; consumer and notary beside."""
    kit = Kit(
        AuditSettings(
            service="audit",
            kafka=kafka,
            database=database,
            secrets=held.directory,
            log_level="ERROR",
            log_origin=origin,
        )
    )
    compose(kit)
    (consuming,) = (c for c in kit.consuming if c.consumer.name == CONSUMER)
    watch = Stopwatch(consuming.consumer)
    await kit.broker.connect()
    notary = asyncio.ensure_future(kit.backgrounds["notary"]())
    connection = await asyncpg.connect(database)
    try:
        await consuming.subscription.start()

        async def signed() -> bool:
            return int(await connection.fetchval(_SIGNED)) >= EVENTS

        await until(signed)
        return EVENTS / (time.perf_counter() - watch.started)
    finally:
        notary.cancel()
        with suppress(asyncio.CancelledError):
            await notary
        consuming.consumer.close()
        await connection.close()
        await kit.broker.stop()
        await kit.engine.dispose()


async def signed_after(kafka: str, database: str, held: Secrets) -> float:
    """Seconds from publishing an event to the signature over its entry: the 99th percentile, at a steady rate."""
    messages = list(islice(synthetic_history(held, EVENTS + PER_SECOND * SECONDS), EVENTS, None))
    async with _audit(kafka, database, held):
        connection = await asyncpg.connect(database)
        try:

            async def level() -> bool:
                return int(await connection.fetchval(_SIGNED)) >= EVENTS

            await until(level)
            sent = await _publish_steadily(kafka, messages)

            async def many_signed() -> bool:
                return int(await connection.fetchval(_SIGNED)) >= EVENTS + len(messages)

            async def all_signed() -> bool:
                return int(await connection.fetchval(_LOOKS_SIGNED)) >= EVENTS + len(messages)

            # The exact question costs more and would disturb what is measured; the log also holds its own alerts.
            await until(many_signed)
            await until(all_signed)
            rows = await connection.fetch(_WHEN_SIGNED)
        finally:
            await connection.close()
    waits = sorted((row["at"] - sent[row["event_id"]]).total_seconds() for row in rows if row["event_id"] in sent)
    return float(waits[len(waits) * 99 // 100])


async def _publish_steadily(kafka: str, messages: list[Outgoing]) -> "dict[UUID, datetime]":
    """Send so many a second; when each one left."""
    sent: dict[UUID, datetime] = {}
    loop = asyncio.get_running_loop()
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=0) as producer:
        start, acks = loop.time(), []
        for number, begin in enumerate(range(0, len(messages), BURST)):
            await asyncio.sleep(start + number * BURST / PER_SECOND - loop.time())
            for message in messages[begin : begin + BURST]:
                headers = [(name, value.encode()) for name, value in message.headers().items()]
                sent[message.id] = datetime.now(UTC)
                acks.append(await producer.send(message.topic, message.body, key=message.key, headers=headers))
        await asyncio.gather(*acks)
    return sent


@asynccontextmanager
async def _audit(kafka: str, database: str, held: Secrets) -> AsyncIterator[None]:
    """The audit service as a process of its own, ready."""
    port = free_port()
    environment = {
        **os.environ,
        "KELMU_KAFKA": kafka,
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(held.directory),
        "KELMU_LOG_ORIGIN": "log.bench.steady",
        "KELMU_HTTP_PORT": str(port),
        "KELMU_LOG_LEVEL": "ERROR",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.audit.app", cwd=CHECKOUT, env=environment
    )

    async def ready() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                return (await client.get(f"http://{HOST}:{port}/ready")).is_success
        except httpx.HTTPError:
            return False

    try:
        await until(ready)
        yield
    finally:
        process.kill()
        await process.wait()
