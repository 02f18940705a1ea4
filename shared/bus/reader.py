"""Reading a topic into memory without a consumer group: from its beginning, or its newest record only.

For state that every process keeps for itself: no offsets are stored, each start reads anew. The reader
survives outages of Kafka; `caught_up` says that it has once reached the ends that it saw at its start.
"""

import asyncio
from collections.abc import Callable
from typing import Final, Literal

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from structlog.stdlib import BoundLogger

from shared.bus.messages import Delivered, Record, Undecodable, decode
from shared.bus.topic import Topic
from shared.bus.waiting import Backoff
from shared.contracts.base import Contract

POLL_MS: Final = 200
"""How often it is seen whether the end is reached, where nothing arrives any more."""
IDLE_POLL_MS: Final = 1_000
"""How long an idle reader waits before it asks again; what arrives meanwhile is handed over at once."""
MOST_RECORDS: Final = 5_000
PAUSE_AFTER: Final = 500
"""Records taken in before other work of the process gets its turn."""

OnMessage = Callable[[Delivered[Contract]], object]
OnUnreadable = Callable[[Record], object]


class TopicReader:
    """Reads one topic for as long as the process lives; nothing that a record contains can end it.

    A record that cannot be read is passed over and logged with its place: this reader has no quarantine, the
    services that store the topic have one and show the same record there.

    Args:
        bootstrap: Kafka's address.
        topic: What to read; every partition of it.
        on_message: Takes each message in, in partition order; must not block.
        log: Where trouble is told.
        on_unreadable: Told of each record that is passed over and could be fetched; must not raise.
        start: "beginning", or "newest" for the last record of each partition and what follows.
    """

    def __init__(
        self,
        bootstrap: str,
        topic: Topic,
        on_message: OnMessage,
        log: BoundLogger,
        *,
        on_unreadable: OnUnreadable | None = None,
        start: Literal["beginning", "newest"] = "beginning",
    ) -> None:
        self._bootstrap = bootstrap
        self._topic = topic
        self._on_message = on_message
        self._log = log.bind(reader=topic.name)
        self._on_unreadable = on_unreadable
        self._start = start
        self._next: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] | None = None
        self.reached = asyncio.Event()
        """Set once the ends seen at the first connection have been reached."""
        self.unreadable = 0
        """Records passed over since the start."""

    @property
    def caught_up(self) -> bool:
        """Whether the ends seen at the first connection have been reached."""
        return self.reached.is_set()

    async def run(self) -> None:
        """Read until cancelled; an outage is waited out and the reading goes on where it stopped."""
        backoff = Backoff()
        while True:
            try:
                await self._read(backoff)
            except (KafkaError, OSError, TimeoutError) as error:
                self._log.warning("reader_waits", reason=type(error).__name__)
            await backoff.wait()

    async def _read(self, backoff: Backoff) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._bootstrap,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=4 * 1024 * 1024,
        )
        try:
            await consumer.start()
            await self._place(consumer)
            backoff.reset()
            while True:
                try:
                    wait = IDLE_POLL_MS if self.caught_up else POLL_MS
                    await self._take(await consumer.getmany(timeout_ms=wait, max_records=MOST_RECORDS))
                except UnicodeDecodeError:
                    await self._step_over(consumer)
                self._check_ends()
        finally:
            await consumer.stop()

    async def _place(self, consumer: AIOKafkaConsumer) -> None:
        partitions = [TopicPartition(self._topic.name, number) for number in range(self._topic.partitions)]
        consumer.assign(partitions)
        begins = await consumer.beginning_offsets(partitions)
        ends = await consumer.end_offsets(partitions)
        if self._ends is None:
            self._ends = dict(ends)
        for partition in partitions:
            first = begins[partition]
            if self._start == "newest":
                first = max(first, ends[partition] - 1)
            wanted = self._next.get(partition, first)
            # Beyond the end: the topic was made anew. Before the beginning: what was missed has expired.
            self._next[partition] = wanted if begins[partition] <= wanted <= ends[partition] else first
            consumer.seek(partition, self._next[partition])

    async def _step_over(self, consumer: AIOKafkaConsumer) -> None:
        """Pass over the one record that the client itself cannot read: the name of a header is not UTF-8.

        The client threw away what it had read before that record and from other partitions, so everything that was
        not taken is read again; one by one, since only so is that record found without losing its neighbours.
        """
        for partition, offset in self._next.items():
            consumer.seek(partition, offset)
        for partition in tuple(self._next):
            try:
                while fetched := await consumer.getmany(partition, timeout_ms=POLL_MS, max_records=1):
                    await self._take(fetched)
            except UnicodeDecodeError:
                offset = await consumer.position(partition)
                consumer.seek(partition, offset + 1)
                self._next[partition] = offset + 1
                self._pass_over(partition.partition, offset, "header", "the name of a header is not UTF-8")
                return

    async def _take(self, fetched: dict[TopicPartition, list[ConsumerRecord]]) -> None:
        taken = 0
        for partition, raws in fetched.items():
            for raw in raws:
                self._take_one(raw)
                self._next[partition] = raw.offset + 1
                taken += 1
                if taken % PAUSE_AFTER == 0:
                    await asyncio.sleep(0)

    def _take_one(self, raw: ConsumerRecord) -> None:
        record = Record(
            raw.topic, raw.partition, raw.offset, raw.key, raw.value or b"", tuple(raw.headers), raw.timestamp
        )
        try:
            self._on_message(decode(record))
        except Undecodable as error:
            self._pass_over(record.partition, record.offset, error.code, error.reason)
        except Exception as error:  # noqa: BLE001  # whatever a record contains, the reading goes on, and loudly
            self._pass_over(record.partition, record.offset, "content", f"taking it in raised {type(error).__name__}")
        else:
            return
        if self._on_unreadable is not None:
            self._on_unreadable(record)

    def _pass_over(self, partition: int, offset: int, code: str, reason: str) -> None:
        self.unreadable += 1
        self._log.error("record_passed_over", partition=partition, offset=offset, code=code, reason=reason)

    def _check_ends(self) -> None:
        if self._ends is None or self.caught_up:
            return
        if all(self._next.get(partition, 0) >= end for partition, end in self._ends.items()):
            self.reached.set()
