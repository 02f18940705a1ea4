"""The audit service as it runs: its process and its standby."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.ports import free_port
from services.audit.domain.note import VerifierKey, open_checkpoint
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS, AUDIT_CHECKPOINTS, AUDIT_FRESHNESS
from shared.clock.system import system_now
from shared.contracts.audit import CheckpointSigned, FreshnessStated
from shared.freshness import NEVER, verify
from shared.secrets import Secrets
from tests.harness.consuming import Rig, rig, until
from tests.harness.probing import status_of
from tests.integration.audit.world import access, give_secrets
from tests.stack.databases import Databases

ORIGIN = "log.kelmu.standby"
"""Tests share Kafka: each log has a name of its own, or one would go on with the other's."""
REPOSITORY = Path(__file__).parents[3]
TAKEOVER = 45.0
"""Kafka needs 10 s to believe that a killed member is gone; a busy machine needs more for everything."""


@asynccontextmanager
async def audit_process(environment: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """An audit process that is ready; killed outright when the block ends."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.audit.app",
        cwd=REPOSITORY,
        env={**os.environ, **environment, "KELMU_HTTP_PORT": str(port)},
        stdout=asyncio.subprocess.DEVNULL,
    )

    async def ready() -> bool:
        return await status_of(f"http://127.0.0.1:{port}/ready") == 200

    try:
        await until(ready, bool, TAKEOVER)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def newest(kafka: str, topic: Topic) -> bytes | None:
    """The last record of a topic of one partition."""
    async with AIOKafkaConsumer(bootstrap_servers=kafka) as consumer:
        partition = TopicPartition(topic.name, 0)
        end = (await consumer.end_offsets([partition]))[partition]
        if end == 0:
            return None
        consumer.assign([partition])
        consumer.seek(partition, end - 1)
        value = (await consumer.getone()).value
        return bytes(value)


async def wait_logged(log: Rig, messages: list[Outgoing]) -> None:
    wanted = ", ".join(f"'{message.id}'" for message in messages)

    async def count() -> int:
        return int(str(await log.scalar(f"select count(*) from entry where event_id in ({wanted})")))

    await until(count, lambda n: n == len(messages), TAKEOVER)


async def send(log: Rig, messages: list[Outgoing]) -> None:
    for message in messages:
        await log.send(message, ACCESS_EVENTS)


def lookups(ring: KeyRing, count: int) -> list[Outgoing]:
    base = secrets.randbelow(2**100)
    return [access(base + n, seconds=n, ring=ring) for n in range(count)]


HASHES = "select string_agg(encode(leaf_hash, 'hex'), ' ' order by seq) from entry where seq < {}"


@pytest.mark.timeout(240)
async def test_killed_and_its_database_lost_the_log_is_the_same_in_an_empty_database(
    kafka: str, database: str, databases: Databases, tmp_path: Path
) -> None:
    await provision(kafka)
    held = give_secrets(tmp_path)
    environment = {"KELMU_KAFKA": kafka, "KELMU_SECRETS": str(held.directory), "KELMU_LOG_ORIGIN": "log.kelmu.lost"}
    events = lookups(KeyRing(held.seal_keys()), 10)
    async with rig(kafka, database, [], tmp_path) as lost, databases.lent("audit") as empty:
        async with audit_process({**environment, "KELMU_DATABASE": database}):
            await send(lost, events)
            await wait_logged(lost, events)
            size = await until(
                lambda: lost.scalar("select max(size) from checkpoint"),
                lambda size: size is not None and int(str(size)) >= len(events),
                TAKEOVER,
            )
        async with audit_process({**environment, "KELMU_DATABASE": empty}), rig(kafka, empty, [], tmp_path) as found:
            await wait_logged(found, events)
            assert await found.scalar(HASHES.format(size)) == await lost.scalar(HASHES.format(size))


@pytest.mark.timeout(240)
async def test_a_standby_takes_the_log_over_when_the_active_process_is_killed(
    kafka: str, database: str, tmp_path: Path
) -> None:
    await provision(kafka)
    held = give_secrets(tmp_path)
    environment = {
        "KELMU_KAFKA": kafka,
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(held.directory),
        "KELMU_LOG_ORIGIN": ORIGIN,
    }
    first, second = lookups(KeyRing(held.seal_keys()), 20), lookups(KeyRing(held.seal_keys()), 20)
    async with rig(kafka, database, [], tmp_path) as log:
        async with audit_process(environment) as active:
            await send(log, first)
            await wait_logged(log, first)
            async with audit_process(environment):
                active.kill()
                await active.wait()
                await send(log, second)
                sent = system_now()
                await wait_logged(log, second)
                await until(lambda: covered_until(kafka, held), lambda time: time > sent, TAKEOVER)
                await until(lambda: signed_size(kafka, held), lambda size: size >= 40, TAKEOVER)
        assert await log.scalar("select count(*) from quarantine") == 0


async def covered_until(kafka: str, held: Secrets) -> datetime:
    """What the newest statement of freshness says, its signature checked."""
    body = await newest(kafka, AUDIT_FRESHNESS)
    if body is None:
        return NEVER
    stated = FreshnessStated.model_validate_json(body)
    return stated.covered_until if verify(stated, held.ed25519_private("log").public_key()) else NEVER


async def signed_size(kafka: str, held: Secrets) -> int:
    """The size of the newest published checkpoint, its signature checked."""
    body = await newest(kafka, AUDIT_CHECKPOINTS)
    if body is None:
        return -1
    key = VerifierKey.of(ORIGIN, held.ed25519_private("log").public_key())
    return open_checkpoint(CheckpointSigned.model_validate_json(body).note.encode(), key).size
