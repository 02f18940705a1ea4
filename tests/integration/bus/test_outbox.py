"""The outbox relay on real Kafka: order per key, nothing lost, twice at most with the same id and bytes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog
from aiokafka import AIOKafkaConsumer

from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.outbox import OutboxRelay
from shared.bus.publisher import NotAcknowledged, Publisher
from shared.bus.subscribing import make_broker
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.contracts.agreements import PopulationStated
from shared.ids import event_id
from tests.harness.consuming import Rig, private, rig, until

LOG = structlog.get_logger("test")


def message(topic: Topic, n: int) -> Outgoing:
    body = PopulationStated(municipality=f"{n % 7:03}", year_end=2015, version=n + 1, inhabitants=n)
    when = datetime(2016, 1, 1, tzinfo=UTC)
    return Outgoing(
        topic.name, str(n % 7).encode(), event_id("o", str(n)), body.ce_type, "t", when, body.model_dump_json().encode()
    )


async def read(kafka: str, topic: Topic, count: int) -> list[tuple[bytes, bytes]]:
    consumer = AIOKafkaConsumer(topic.name, bootstrap_servers=kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[tuple[bytes, bytes]] = []
        async with asyncio.timeout(20):
            while len(found) < count:
                record = await consumer.getone()
                found.append((record.key, record.value))
        return found
    finally:
        await consumer.stop()


async def store(ready: Rig, messages: Sequence[Outgoing]) -> None:
    async with ready.engine.begin() as conn:
        await outbox.write(conn, messages)


@asynccontextmanager
async def outbox_rig(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[tuple[Rig, Publisher, Topic]]:
    topic = private(AGREEMENTS_EVENTS, partitions=3)
    async with rig(kafka, database, [topic], tmp_path) as ready:
        broker = make_broker(ready.settings, LOG)
        await broker.connect()
        try:
            yield ready, Publisher(broker, 5000), topic
        finally:
            await broker.stop()


async def test_what_was_committed_is_published_in_order_per_key(kafka: str, database: str, tmp_path: Path) -> None:
    async with outbox_rig(kafka, database, tmp_path) as (ready, publisher, topic):
        relay = asyncio.create_task(OutboxRelay(ready.engine, publisher, LOG).run())
        for start in range(0, 2000, 100):
            await store(ready, [message(topic, n) for n in range(start, start + 100)])
        found = await read(kafka, topic, 2000)
        relay.cancel()
        with suppress(asyncio.CancelledError):
            await relay
    for key in {key for key, _ in found}:
        versions = [PopulationStated.model_validate_json(value).version for k, value in found if k == key]
        assert versions == sorted(versions)


async def test_a_rolled_back_transaction_publishes_nothing(kafka: str, database: str, tmp_path: Path) -> None:
    async with outbox_rig(kafka, database, tmp_path) as (ready, publisher, topic):
        async with ready.engine.connect() as conn:
            await conn.begin()
            await outbox.write(conn, [message(topic, 1)])
            await conn.rollback()
        assert await OutboxRelay(ready.engine, publisher, LOG).drain() == 0


class FailingAfterTheFact(Publisher):
    """Publishes and then loses the acknowledgement: the worst moment for a relay to die."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self.failures = 1

    async def publish_many(self, messages: Sequence[Outgoing]) -> None:
        await self._publisher.publish_many(messages)
        if self.failures:
            self.failures -= 1
            raise NotAcknowledged("the acknowledgement was lost")


async def test_a_lost_acknowledgement_repeats_the_same_ids_and_bytes(kafka: str, database: str, tmp_path: Path) -> None:
    async with outbox_rig(kafka, database, tmp_path) as (ready, publisher, topic):
        await store(ready, [message(topic, n) for n in range(10)])
        relay = asyncio.create_task(OutboxRelay(ready.engine, FailingAfterTheFact(publisher), LOG).run())
        found = await read(kafka, topic, 20)

        async def waiting() -> int:
            async with ready.engine.connect() as conn:
                return await outbox.unsent(conn)

        await until(waiting, lambda n: n == 0)
        relay.cancel()
        with suppress(asyncio.CancelledError):
            await relay
    assert {value for _, value in found[:10]} == {value for _, value in found[10:]}
