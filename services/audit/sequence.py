"""Reading `audit.sequence`: what the log has told of itself, whatever became of its database."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from structlog.stdlib import BoundLogger

from shared.bus.messages import Record, Undecodable, decode
from shared.bus.partition import Partition, opened
from shared.bus.topics import AUDIT_SEQUENCE
from shared.contracts.audit import SequenceAssigned


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

    async def newest(self) -> SequenceAssigned | None:
        """The last assignment on the topic.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with opened(self._bootstrap, AUDIT_SEQUENCE) as partition:
            return await self._before(partition, partition.end)

    async def after(self, size: int) -> AsyncIterator[SequenceAssigned]:
        """The assignments that lead beyond `size` entries, in order, each size once.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with opened(self._bootstrap, AUDIT_SEQUENCE) as partition:
            async for record in partition.forwards(await self._start(partition, size)):
                assigned = self._read(record)
                # Told again after a crash between the acknowledgement and the signature: once is enough.
                if assigned is not None and assigned.size > size:
                    yield assigned
                    size = assigned.size

    async def _start(self, partition: Partition, size: int) -> int:
        """A place from which every assignment beyond `size` follows: back in strides that double.

        Whoever writes begins where something acknowledged ended, so what follows any record continues it without a gap.
        """
        stride, place = 1, partition.end
        while place > partition.begin:
            place = max(partition.begin, partition.end - stride)
            found = await self._before(partition, place)
            if found is not None and found.size <= size:
                return place
            stride *= 2
        return partition.begin

    async def _before(self, partition: Partition, end: int) -> SequenceAssigned | None:
        """The last assignment that stands before a place."""
        async for record in partition.backwards(end):
            found = self._read(record)
            if found is not None:
                return found
        return None

    def _read(self, record: Record) -> SequenceAssigned | None:
        if record.key != self._key:
            return None
        try:
            body = decode(record).body
        except Undecodable as error:
            self._log.error("sequence_unreadable", offset=record.offset, reason=error.reason)
            return None
        return body if isinstance(body, SequenceAssigned) else None
