"""Where the partitions that the log reads end, asked of Kafka itself."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.offsets import Position
from shared.bus.topics import Topic

ASK_SECONDS: Final = 5.0
"""How long Kafka may take to answer; without an answer nothing is claimed."""


class TopicMissingError(Exception):
    """A topic that the log reads does not exist: nothing can be claimed of it."""


class Ends:
    """Asks for end offsets through a connection of its own, so that a stuck consumer cannot answer for itself."""

    def __init__(self, bootstrap: Sequence[str], topics: Sequence[Topic]) -> None:
        self._bootstrap = list(bootstrap)
        self._topics = [topic.name for topic in topics]
        self._client: AIOKafkaConsumer | None = None

    async def sample(self) -> Mapping[Position, int]:
        """The end offset of every partition of every topic: what lies before it, a reader can have read.

        Raises:
            KafkaError, OSError, TimeoutError: Kafka does not answer.
            TopicMissingError: a topic is not there.
        """
        async with asyncio.timeout(ASK_SECONDS):
            client = await self._connected()
            await client.topics()
            ends = await client.end_offsets([p for name in self._topics for p in self._partitions(client, name)])
        return {(partition.topic, partition.partition): end for partition, end in ends.items()}

    async def close(self) -> None:
        """Let go of the connection; the next sample makes a new one."""
        client, self._client = self._client, None
        if client is not None:
            await client.stop()

    async def _connected(self) -> AIOKafkaConsumer:
        if self._client is None:
            client = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, client_id="kelmu-audit-ends")
            self._client = client
            await client.start()
        return self._client

    @staticmethod
    def _partitions(client: AIOKafkaConsumer, topic: str) -> list[TopicPartition]:
        numbers = client.partitions_for_topic(topic)
        if not numbers:
            raise TopicMissingError(f"topic {topic} is not there")
        return [TopicPartition(topic, number) for number in sorted(numbers)]
