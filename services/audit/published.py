"""What stands on Kafka, read apart from the log's own consumer and from where this database had got to.

So an event that the log drops is noticed: it stands here. Each portion and the positions behind it commit together.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit.domain.completeness import HOUR, OWN, Position, hour_of
from services.audit.store import completeness as store
from shared.bus import offsets
from shared.bus.messages import Delivered, Record, Undecodable, decode
from shared.bus.topic import Topic
from shared.contracts.access import AccessDecided, AccessReversed
from shared.contracts.base import Contract
from shared.counting import COUNTED
from shared.database.engine import raw

CONSUMER: Final = "audit-published"
PORTION: Final = 5_000
WAIT_MS: Final = 1_000
LONG_AGO: Final = datetime(1900, 1, 1, tzinfo=UTC)
ONE: Final = 1


class PublishedReader:
    """Reads what was published since it last read, up to the ends that stand when it begins.

    Args:
        kafka: Kafka's address.
        topics: On which what is counted is published.
        engine: The database.
        now: Business clock.
        log: Where records that cannot be read are told.
    """

    def __init__(
        self,
        kafka: str,
        topics: Sequence[Topic],
        engine: AsyncEngine,
        now: Callable[[], datetime],
        log: BoundLogger,
    ) -> None:
        self._kafka = kafka
        self._topics = topics
        self._engine = engine
        self._now = now
        self._log = log

    async def read(self) -> dict[Position, int]:
        """Take in what is new; the positions that are reached.

        Raises:
            KafkaError, OSError: Kafka does not answer; what was taken in stays.
        """
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka.split(","), enable_auto_commit=False, auto_offset_reset="earliest"
        )
        await consumer.start()
        try:
            partitions = [TopicPartition(topic.name, n) for topic in self._topics for n in range(topic.partitions)]
            consumer.assign(partitions)
            begins = await consumer.beginning_offsets(partitions)
            ends = await consumer.end_offsets(partitions)
            places = await self._places(begins)
            for partition in partitions:
                # Before the beginning: what was missed has expired; nothing is claimed of it, its hours stay as found.
                start = max(places[partition], begins[partition])
                places[partition] = await self._read(consumer, partition, places[partition], start, ends[partition])
        finally:
            await consumer.stop()
        return {(partition.topic, partition.partition): offset for partition, offset in places.items()}

    async def _places(self, begins: dict[TopicPartition, int]) -> dict[TopicPartition, int]:
        async with self._engine.begin() as conn:
            starts = {(partition.topic, partition.partition): offset for partition, offset in begins.items()}
            await offsets.begin(conn, CONSUMER, starts)
            stored = await offsets.load(conn, CONSUMER)
            if await store.since(await raw(conn)) is None:
                # What Kafka has lost to retention the log may hold: then only what comes from now on is compared.
                whole = not any(begins.values())
                await store.begin(await raw(conn), LONG_AGO if whole else hour_of(self._now()) + HOUR)
        return {partition: stored[partition.topic, partition.partition] for partition in begins}

    async def _read(
        self, consumer: AIOKafkaConsumer, partition: TopicPartition, stored: int, start: int, end: int
    ) -> int:
        """One partition from `start` to `end`; where it has got to."""
        most, place = PORTION, start
        consumer.seek(partition, place)
        while place < end:
            try:
                fetched = await consumer.getmany(partition, timeout_ms=WAIT_MS, max_records=most)
            except UnicodeDecodeError:
                # The client throws away what it read with the record that it cannot read: so one by one up to it.
                passed = place + 1 if most == ONE else place
                most = PORTION if most == ONE else ONE
                consumer.seek(partition, passed)
                place = passed
                continue
            records = fetched.get(partition, [])
            if not records:
                place = max(place, await consumer.position(partition))
                if place < end:
                    break
                continue
            place = records[-1].offset + 1
            await self._take(partition, records, stored, place)
            stored = place
        return stored

    async def _take(
        self, partition: TopicPartition, records: Sequence[ConsumerRecord], stored: int, place: int
    ) -> None:
        events = [event for event in map(self._event, records) if event is not None]
        async with self._engine.begin() as conn:
            if events:
                await store.add_published(await raw(conn), events)
            await offsets.advance(conn, CONSUMER, {(partition.topic, partition.partition): (stored, place)})

    def _event(self, found: ConsumerRecord) -> store.Published | None:
        record = Record(
            found.topic, found.partition, found.offset, found.key, found.value or b"", tuple(found.headers), 0
        )
        try:
            message = decode(record)
        except Undecodable as error:
            self._log.warning(
                "not_compared", topic=found.topic, partition=found.partition, offset=found.offset, reason=error.code
            )
            return None
        if not isinstance(message.body, COUNTED):
            return None
        return message.id, hour_of(message.body.time), message.body.agreement or "", _publisher(message)


def _publisher(message: Delivered[Contract]) -> str:
    """Which service keeps an account of what it told; empty for what none does.

    A reversal follows from its event. What an operator opened at the command line is told by that process alone.
    """
    body = message.body
    source = (dict(message.record.headers).get("ce_source") or b"").decode(errors="replace")
    by_operator = isinstance(body, AccessDecided) and (body.subject or "").startswith("command line")
    return source if source in OWN and not isinstance(body, AccessReversed) and not by_operator else ""
