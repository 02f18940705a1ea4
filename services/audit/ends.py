"""Where the partitions that the log reads end, asked of Kafka itself."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from shared.bus.offsets import Position
from shared.bus.topic import Topic

ASK_SECONDS: Final = 5.0
"""How long Kafka may take to answer; without an answer nothing is claimed."""


class TopicMissingError(Exception):
    """A topic that the log reads does not exist: nothing can be claimed of it."""


class Ends:
    """Asks for end offsets through connections of its own, so that a stuck consumer cannot answer for itself."""

    def __init__(self, bootstrap: Sequence[str], topics: Sequence[Topic]) -> None:
        self._bootstrap = list(bootstrap)
        self._topics = [topic.name for topic in topics]
        self._admin: AIOKafkaAdminClient | None = None
        self._reader: AIOKafkaConsumer | None = None

    async def sample(self) -> Mapping[Position, int]:
        """The end offset of every partition of every topic: what lies before it, a reader can have read.

        Partitions are asked for each time: one that was added while this process runs counts at once.

        Raises:
            KafkaError, OSError, TimeoutError: Kafka does not answer.
            TopicMissingError: a topic is not there.
        """
        async with asyncio.timeout(ASK_SECONDS):
            admin, reader = await self._connected()
            described = await admin.describe_topics(self._topics)
            missing = [topic["topic"] for topic in described if topic["error_code"] or not topic["partitions"]]
            if missing or len(described) < len(self._topics):
                raise TopicMissingError(f"missing: {', '.join(missing) or 'a topic'}")
            ends = await reader.end_offsets(
                [TopicPartition(t["topic"], p["partition"]) for t in described for p in t["partitions"]]
            )
        return {(partition.topic, partition.partition): end for partition, end in ends.items()}

    async def close(self) -> None:
        """Let go of the connections; the next sample makes new ones."""
        admin, reader, self._admin, self._reader = self._admin, self._reader, None, None
        if admin is not None:
            await admin.close()
        if reader is not None:
            await reader.stop()

    async def _connected(self) -> tuple[AIOKafkaAdminClient, AIOKafkaConsumer]:
        if self._admin is None:
            self._admin = AIOKafkaAdminClient(bootstrap_servers=self._bootstrap, client_id="kelmu-audit-ends")
            await self._admin.start()
        if self._reader is None:
            self._reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, client_id="kelmu-audit-ends")
            await self._reader.start()
        return self._admin, self._reader
