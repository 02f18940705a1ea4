"""One partition read without a group, from either end: for what a process must know of its topic before it begins."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.bus.consumer import record_of
from shared.bus.messages import Record
from shared.bus.topic import Topic

POLL_MS: Final = 1_000
PORTION: Final = 500


class Partition:
    """An open partition, as far as it reached when it was opened.

    Attributes:
        begin: Offset of the oldest record that is still there.
        end: Offset after the newest one.

    Every method raises KafkaError when Kafka does not answer.
    """

    def __init__(self, reader: AIOKafkaConsumer, partition: TopicPartition, begin: int, end: int) -> None:
        self._reader = reader
        self._partition = partition
        self.begin = begin
        self.end = end

    async def forwards(self, start: int) -> AsyncIterator[Record]:
        """Records from an offset on, fetched in portions."""
        self._reader.seek(self._partition, start)
        place = start
        while place < self.end:
            fetched = await self._reader.getmany(self._partition, timeout_ms=POLL_MS, max_records=PORTION)
            for found in fetched.get(self._partition, ()):
                place = found.offset + 1
                yield record_of(found)

    async def backwards(self, before: int) -> AsyncIterator[Record]:
        """Records that stand before an offset, the newest first, one at a time: few are wanted."""
        for place in range(before - 1, self.begin - 1, -1):
            self._reader.seek(self._partition, place)
            yield record_of(await self._reader.getone(self._partition))


@asynccontextmanager
async def opened(bootstrap: Sequence[str], topic: Topic, number: int = 0) -> AsyncIterator[Partition]:
    """Open one partition of a topic.

    Raises:
        KafkaError: Kafka does not answer.
    """
    partition = TopicPartition(topic.name, number)
    reader = AIOKafkaConsumer(bootstrap_servers=list(bootstrap), enable_auto_commit=False)
    await reader.start()
    try:
        reader.assign([partition])
        begins = await reader.beginning_offsets([partition])
        ends = await reader.end_offsets([partition])
        yield Partition(reader, partition, begins[partition], ends[partition])
    finally:
        await reader.stop()
