"""The floor of a look-up: a bare Kafka request and reply, echoed by a process of its own.

`python -m bench.echo HOST:PORT` answers each request on one topic with the same bytes on another.
"""

import asyncio
import sys
from typing import Final, Self
from uuid import uuid4

import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

ASKS: Final = "bench.asks"
ANSWERS: Final = "bench.answers"


async def create_topics(kafka: str) -> None:
    """The two topics of the echo."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(ASKS, 1, 1), NewTopic(ANSWERS, 1, 1)])
    finally:
        await admin.close()


async def _listening(kafka: str, topic: str) -> AIOKafkaConsumer:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    partition = TopicPartition(topic, 0)
    consumer.assign([partition])
    await consumer.seek_to_end(partition)
    await consumer.position(partition)
    return consumer


async def _publishing(kafka: str) -> AIOKafkaProducer:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=0)
    await producer.start()
    return producer


class Asker:
    """The asking side of the bare request and reply."""

    def __init__(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
        self._consumer = consumer
        self._producer = producer
        self._waiting: dict[bytes, asyncio.Future[bytes]] = {}
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def connected(cls, kafka: str) -> Self:
        """An asker that reads answers from now on."""
        return cls(await _listening(kafka, ANSWERS), await _publishing(kafka))

    async def ask(self, body: bytes) -> bytes:
        """Publish, acknowledged, and wait for the echo."""
        key = uuid4().bytes
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        await self._producer.send_and_wait(ASKS, body, key=key)
        return await future

    async def _read(self) -> None:
        async for record in self._consumer:
            future = self._waiting.pop(record.key, None)
            if future is not None:
                future.set_result(record.value)

    async def close(self) -> None:
        """Let go."""
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._consumer.stop()
        await self._producer.stop()


async def _echo(kafka: str) -> None:
    consumer, producer = await _listening(kafka, ASKS), await _publishing(kafka)
    print("listening", flush=True)
    async with asyncio.TaskGroup() as answering:
        async for record in consumer:
            # Nobody waits for the one before: under load the floor is what Kafka can carry, not one after another.
            answering.create_task(producer.send_and_wait(ANSWERS, record.value, key=record.key))


if __name__ == "__main__":
    uvloop.run(_echo(sys.argv[1]))
