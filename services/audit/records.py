"""Records fetched by their place, to make entries from them once more."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.bus.consumer import record_of
from shared.bus.messages import Record
from shared.bus.topic import Topic
from shared.bus.unreadable import substitute
from shared.contracts.audit import SequenceRun

POLL_MS: Final = 500
WAIT_SECONDS: Final = 60.0
"""How long a record that is said to be there may keep one waiting: a broker that comes back needs some of it."""


class RecordGone(Exception):
    """A record from which an entry was made is not in Kafka any more, or not yet again."""


class Records:
    """Reads runs of records of the topics that audit logs. One reader, so that neighbours come from its buffer."""

    def __init__(self, reader: AIOKafkaConsumer, begins: Mapping[TopicPartition, int]) -> None:
        self._reader = reader
        self._begins = begins
        self._next: dict[TopicPartition, int] = {}

    async def of(self, run: SequenceRun) -> list[Record]:
        """The records of a run, in order.

        Raises:
            RecordGone: one is missing.
            KafkaError: Kafka does not answer.
        """
        partition = TopicPartition(run.topic, run.partition)
        if self._begins.get(partition, run.offset + 1) > run.offset:
            raise RecordGone(f"{run.topic}/{run.partition} begins after offset {run.offset}")
        self._seek(partition, run.offset)
        found: list[Record] = []
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while len(found) < run.count:
                    found += await self._fetch(partition, run.offset + len(found), run.count - len(found))
        except TimeoutError as error:
            place = f"{run.topic}/{run.partition} at offset {run.offset + len(found)}"
            raise RecordGone(f"Kafka does not give the record of {place}") from error
        return found

    async def ends(self) -> Mapping[TopicPartition, int]:
        """Where the partitions end."""
        ends: Mapping[TopicPartition, int] = await self._reader.end_offsets(sorted(self._begins))
        return ends

    def _seek(self, partition: TopicPartition, offset: int) -> None:
        if self._next.get(partition) != offset:
            self._reader.seek(partition, offset)
            self._next[partition] = offset

    async def _fetch(self, partition: TopicPartition, offset: int, most: int) -> list[Record]:
        try:
            fetched = await self._reader.getmany(partition, timeout_ms=POLL_MS, max_records=most)
            raws: list[ConsumerRecord] = fetched.get(partition, [])
        except UnicodeDecodeError:
            raws = await self._one(partition, offset)
        for place, raw in enumerate(raws, offset):
            if raw.offset != place:
                raise RecordGone(f"{partition.topic}/{partition.partition} has no record at offset {place}")
        self._next[partition] = offset + len(raws)
        return [record_of(raw) for raw in raws]

    async def _one(self, partition: TopicPartition, offset: int) -> list[ConsumerRecord]:
        """One record: itself, or what stood for it in the log when the client could not read it."""
        self._reader.seek(partition, offset)
        try:
            fetched = await self._reader.getmany(partition, timeout_ms=POLL_MS, max_records=1)
        except UnicodeDecodeError:
            self._reader.seek(partition, offset + 1)
            return [substitute(partition, offset)]
        return list(fetched.get(partition, []))


@asynccontextmanager
async def records_of(bootstrap: Sequence[str], topics: Sequence[Topic]) -> AsyncIterator[Records]:
    """A reader of all partitions of these topics.

    Raises:
        KafkaError: Kafka does not answer.
    """
    reader = AIOKafkaConsumer(bootstrap_servers=list(bootstrap), enable_auto_commit=False, fetch_max_wait_ms=POLL_MS)
    await reader.start()
    try:
        partitions = [TopicPartition(topic.name, number) for topic in topics for number in range(topic.partitions)]
        reader.assign(partitions)
        # Nothing is fetched before it is asked for: each place is sought first.
        ends = await reader.end_offsets(partitions)
        for partition in partitions:
            reader.seek(partition, ends[partition])
        yield Records(reader, await reader.beginning_offsets(partitions))
    finally:
        await reader.stop()
