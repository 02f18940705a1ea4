"""As much of a service's process as what reads topics needs, and a way to fill those topics."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog
from aiokafka import AIOKafkaProducer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.bus.messages import Outgoing
from shared.bus.topic import Topic
from shared.clock.system import system_now
from shared.contracts.base import Contract
from shared.ids import event_id
from tests.harness.consuming import until

LOG = structlog.get_logger("test")
KEY = Ed25519PrivateKey.generate()


@dataclass
class FakeSecrets:
    def ed25519_publics(self, name: str) -> tuple[Ed25519PublicKey, ...]:
        assert name == "log"
        return (KEY.public_key(),)


@dataclass
class FakeSettings:
    kafka: str


@dataclass
class FakeKit:
    """As much of a service's process as a replica needs; its background work runs while the block lasts."""

    settings: FakeSettings
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    log: structlog.stdlib.BoundLogger = LOG
    works: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    checks: dict[str, Callable[[], str | None]] = field(default_factory=dict)
    firsts: list[asyncio.Event] = field(default_factory=list)

    def background(self, _name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.works.append(work)

    def first(self, _name: str, done: asyncio.Event) -> None:
        self.firsts.append(done)

    def ready(self, name: str, check: Callable[[], str | None]) -> None:
        self.checks[name] = check

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(work()) for work in self.works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def send(kafka: str, topic: Topic, bodies: Sequence[Contract], key: bytes = b"k") -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=5)
    await producer.start()
    try:
        sent = []
        for number, body in enumerate(bodies):
            message = Outgoing(topic.name, b"k", event_id("test", str(number)), body.ce_type, "t", system_now(), b"")
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            sent.append(await producer.send(topic.name, body.model_dump_json().encode(), key=key, headers=headers))
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def true(probe: Callable[[], bool]) -> None:
    """Wait until it holds."""

    async def ask() -> bool:
        return probe()

    await until(ask, bool)
