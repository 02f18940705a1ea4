"""The agreements service as a process of its own, and what it publishes."""

import asyncio
import base64
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus.topics import AGREEMENTS_EVENTS
from shared.contracts.agreements import Heartbeat
from tests.harness.probing import status_of

PATIENCE = 60.0
"""Seconds; a process start takes two, and much longer on a machine that is busy with other things."""
PARTITION = TopicPartition(AGREEMENTS_EVENTS.name, 0)


def write_secrets(folder: Path, pseudonym_key: bytes, seal_key: bytes, actor: Ed25519PrivateKey) -> None:
    """Write the secret files that the service reads."""
    files = {
        "pseudonym": pseudonym_key,
        "seal-requests-agreements-1": seal_key,
        "actor.pub": actor.public_key().public_bytes_raw(),
    }
    for name, content in files.items():
        (folder / name).write_text(base64.b64encode(content).decode())


class Tail:
    """The records of the topic since the test began, without heartbeats unless asked for."""

    def __init__(self, consumer: AIOKafkaConsumer) -> None:
        self._consumer = consumer
        self.records: list[ConsumerRecord] = []

    async def poll(self) -> list[ConsumerRecord]:
        batches = await self._consumer.getmany(timeout_ms=50)
        self.records += [record for batch in batches.values() for record in batch]
        return self.records

    async def changes(self) -> list[str]:
        """Event ids of everything but heartbeats, in the order of the topic."""
        found = await self.poll()
        return [header(record, "ce_id") for record in found if not is_heartbeat(record)]

    async def heartbeats(self) -> list[Heartbeat]:
        return [Heartbeat.model_validate_json(r.value) for r in await self.poll() if is_heartbeat(r)]


def header(record: ConsumerRecord, name: str) -> str:
    return str(next(value for key, value in record.headers if key == name).decode())


def is_heartbeat(record: ConsumerRecord) -> bool:
    return header(record, "ce_type") == Heartbeat.ce_type


@asynccontextmanager
async def process(kafka: str, database: str, folder: Path) -> AsyncIterator["Service"]:
    """The service as its own process, killed in the end if it still runs; its secrets are made where none are."""
    if not (folder / "actor.pub").exists():
        write_secrets(folder, os.urandom(32), os.urandom(32), Ed25519PrivateKey.generate())
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    surroundings = {
        "KELMU_KAFKA": kafka,
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(folder),
        "KELMU_HTTP_PORT": str(port),
    }
    with (folder / "service.log").open("ab") as log:
        running = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "services.agreements.app"), env=os.environ | surroundings, stderr=log
        )
    try:
        yield Service(running, port)
    finally:
        if running.returncode is None:
            running.kill()
        await running.wait()


class Service:
    def __init__(self, running: asyncio.subprocess.Process, port: int) -> None:
        self._running = running
        self._url = f"http://127.0.0.1:{port}/ready"

    async def ready(self) -> int:
        return await status_of(self._url)

    async def end(self, number: signal.Signals) -> int:
        self._running.send_signal(number)
        return await self._running.wait()
