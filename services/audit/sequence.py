"""Reading `audit.sequence`: what the log has told of itself, whatever became of its database."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from structlog.stdlib import BoundLogger

from shared.bus.consumer import record_of
from shared.bus.messages import Undecodable, decode
from shared.bus.topics import AUDIT_SEQUENCE
from shared.contracts.audit import SequenceAssigned

POLL_MS: Final = 1_000
PORTION: Final = 500


class Told(Protocol):
    """The assignments that were ever acknowledged."""

    async def newest(self) -> SequenceAssigned | None:
        """The last one; None when the log has never told anything."""
        ...

    def after(self, size: int) -> AsyncIterator[SequenceAssigned]:
        """Those that lead beyond this size, in order, up to the last one of now."""
        ...


class SequenceTopic:
    """The topic, read without a group. What is no assignment of this log is passed over; a gap shows in what follows.

    Args:
        bootstrap: Kafka's addresses.
        origin: the log's name, which is the key of its records.
        log: where what cannot be read is told.
    """

    def __init__(self, bootstrap: Sequence[str], origin: str, log: BoundLogger) -> None:
        self._bootstrap = list(bootstrap)
        self._key = origin.encode()
        self._log = log
        self._partition = TopicPartition(AUDIT_SEQUENCE.name, 0)

    async def newest(self) -> SequenceAssigned | None:
        """The last assignment on the topic.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with self._reader() as (reader, begin, end):
            return await self._before(reader, begin, end)

    async def after(self, size: int) -> AsyncIterator[SequenceAssigned]:
        """The assignments that lead beyond `size` entries, in order, each size once.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with self._reader() as (reader, begin, end):
            place = await self._start(reader, begin, end, size)
            reader.seek(self._partition, place)
            while place < end:
                fetched = await reader.getmany(self._partition, timeout_ms=POLL_MS, max_records=PORTION)
                for raw in fetched.get(self._partition, ()):
                    place = raw.offset + 1
                    assigned = self._read(raw)
                    # Told again after a crash between the acknowledgement and the signature: once is enough.
                    if assigned is not None and assigned.size > size:
                        yield assigned
                        size = assigned.size

    async def _start(self, reader: AIOKafkaConsumer, begin: int, end: int, size: int) -> int:
        """A place from which every assignment beyond `size` follows: back in strides that double.

        Whoever writes begins where something acknowledged ended, so what follows any record continues it without a gap.
        """
        stride, place = 1, end
        while place > begin:
            place = max(begin, end - stride)
            found = await self._before(reader, begin, place)
            if found is not None and found.size <= size:
                return place
            stride *= 2
        return begin

    async def _before(self, reader: AIOKafkaConsumer, begin: int, end: int) -> SequenceAssigned | None:
        """The last assignment that stands before a place."""
        for place in range(end - 1, begin - 1, -1):
            reader.seek(self._partition, place)
            found = self._read(await reader.getone(self._partition))
            if found is not None:
                return found
        return None

    def _read(self, raw: object) -> SequenceAssigned | None:
        record = record_of(raw)
        if record.key != self._key:
            return None
        try:
            body = decode(record).body
        except Undecodable as error:
            self._log.error("sequence_unreadable", offset=record.offset, reason=error.reason)
            return None
        return body if isinstance(body, SequenceAssigned) else None

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[tuple[AIOKafkaConsumer, int, int]]:
        reader = AIOKafkaConsumer(bootstrap_servers=self._bootstrap, enable_auto_commit=False)
        await reader.start()
        try:
            reader.assign([self._partition])
            begins = await reader.beginning_offsets([self._partition])
            ends = await reader.end_offsets([self._partition])
            yield reader, begins[self._partition], ends[self._partition]
        finally:
            await reader.stop()
