"""A consumer of any service on topics of its own, to be started, killed and fed by tests."""

import asyncio
import secrets
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy as DefaultRecordBatchBuilder
from aiokafka.record.util import calc_crc32c
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.bus.consumer import Consumer, OnConflict
from shared.bus.messages import Decode, Outgoing, decode
from shared.bus.provision import configuration
from shared.bus.subscribing import make_broker, subscribe_batches
from shared.bus.topic import Topic
from shared.bus.transaction import Handle
from shared.settings import Settings

DEADLINE = 20.0
T = TypeVar("T")


def settings_for(kafka: str, database: str, folder: Path, service: str = "test") -> Settings:
    return Settings(service=service, kafka=kafka, database=database, secrets=folder, request_timeout_ms=5000)


def engine_for(database: str) -> AsyncEngine:
    return create_async_engine(database.replace("postgresql://", "postgresql+asyncpg://", 1), pool_size=4)


async def create_topics(kafka: str, topics: Sequence[Topic]) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics(
            [NewTopic(t.name, t.partitions, 1, topic_configs=configuration(t, 1)) for t in topics]
        )
    finally:
        await admin.close()


def private(topic: Topic, *, partitions: int = 2) -> Topic:
    """A topic of the same kind under a name that no other test uses."""
    return replace(topic, name=f"{topic.name}.{secrets.token_hex(4)}", partitions=partitions)


async def until(probe: Callable[[], Awaitable[T]], accept: Callable[[T], bool], deadline: float = DEADLINE) -> T:
    """Ask again and again until the answer is acceptable; the last answer stands in the failure."""
    loop = asyncio.get_running_loop()
    end = loop.time() + deadline
    while True:
        value = await probe()
        if accept(value):
            return value
        if loop.time() > end:
            raise AssertionError(f"not within {deadline} s; the last answer was {value!r}")
        await asyncio.sleep(0.02)


@dataclass
class Rig:
    """One consumer's surroundings: its topics, its database, and a producer to feed it."""

    kafka: str
    engine: AsyncEngine
    topics: Sequence[Topic]
    settings: Settings
    producer: AIOKafkaProducer
    name: str

    async def send(self, message: Outgoing, topic: Topic | None = None, partition: int | None = None) -> None:
        headers = [(key, value.encode()) for key, value in message.headers().items()]
        await self.send_raw(message.body, headers, message.key, topic, partition)

    async def send_raw(
        self,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes | None]] = (),
        key: bytes | None = b"k",
        topic: Topic | None = None,
        partition: int | None = None,
    ) -> None:
        name = (topic or self.topics[0]).name
        await self.producer.send_and_wait(name, value, key=key, headers=list(headers), partition=partition)

    @asynccontextmanager
    async def consuming(
        self, handle: Handle, *, decode: Decode = decode, on_conflict: OnConflict | None = None
    ) -> AsyncIterator[Consumer]:
        """A live consumer; leaving the block stops it in good order."""
        log = structlog.get_logger("test")
        broker = make_broker(self.settings, log)
        consumer = Consumer(self.name, self.engine, handle, log, decode=decode, on_conflict=on_conflict)
        subscription = subscribe_batches(
            broker, self.topics, f"g-{self.name}", consumer.on_batch, consumer, rewind=consumer.rewind
        )
        consumer.bind(subscription.client)
        await broker.connect()
        await subscription.start()
        try:
            yield consumer
        finally:
            consumer.close()
            await broker.stop()

    async def scalar(self, sql: str) -> object:
        async with self.engine.connect() as conn:
            return await conn.scalar(text(sql))

    async def consumed(self) -> int:
        """Records that the stored position has passed."""
        value = await self.scalar(
            f"select coalesce(sum(next_offset), 0)::bigint from consumer_offset where consumer = '{self.name}'"
        )
        return int(str(value))

    async def wait_consumed(self, count: int, deadline: float = DEADLINE) -> None:
        await until(self.consumed, lambda n: n >= count, deadline)


@asynccontextmanager
async def rig(kafka: str, database: str, topics: Sequence[Topic], folder: Path) -> AsyncIterator[Rig]:
    """Topics created, a producer connected."""
    await create_topics(kafka, topics)
    engine = engine_for(database)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=2_000_000)
    await producer.start()
    try:
        yield Rig(kafka, engine, topics, settings_for(kafka, database, folder), producer, f"c-{secrets.token_hex(4)}")
    finally:
        await producer.stop()
        await engine.dispose()


class _UnreadableName(DefaultRecordBatchBuilder):  # type: ignore[misc]  # aiokafka ships no types
    """Builds a batch as a careless client would: the header name `ZZ` becomes two bytes that are not UTF-8."""

    def build(self) -> bytearray:
        content = bytearray(super().build())
        place = content.find(b"\x04ZZ")
        if place >= 0:
            content[place + 1 : place + 3] = b"\xff\xfe"
            struct.pack_into(">I", content, 17, calc_crc32c(bytes(content[21:])))
        return content


async def send_unreadable_header_name(kafka: str, topic: Topic, monkeypatch: pytest.MonkeyPatch) -> None:
    """One record, in the first partition, whose header name no client of ours can decode."""
    with monkeypatch.context() as patched:
        patched.setattr("aiokafka.producer.message_accumulator.DefaultRecordBatchBuilder", _UnreadableName)
        producer = AIOKafkaProducer(bootstrap_servers=kafka)
        await producer.start()
        try:
            await producer.send_and_wait(topic.name, b"{}", partition=0, headers=[("ZZ", b"1")])
        finally:
            await producer.stop()
