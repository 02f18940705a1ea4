"""The consumer loop: the heart of every service that is fed by events.

What it promises (one behaviour suite, `tests/integration/bus/suite.py`, which every consumer passes):

* Each event takes effect exactly once, whatever is killed, repeated, reordered or restored: position, dedupe,
  effects and outgoing messages commit in one transaction of the service's database. On assignment the consumer
  seeks to the stored position; Kafka's own commits serve lag displays only.
* Nothing is dropped: a record takes effect or stands in the quarantine with its reason. An outage is waited out and
  quarantines nothing. A contradiction (same id, other content) is quarantined as `conflict`.
* A zombie changes nothing: the position is moved by compare-and-set, so of two processes one is fenced.
* A bad release stops the consumer (`shared.bus.brake`) instead of emptying the topic into the quarantine.

What may block: waiting for the database. What must not happen: an exception leaving `on_batch`, which would let
FastStream skip the batch.
"""

import asyncio
import contextlib
import math
from collections.abc import Callable, Sequence
from typing import Final

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from shared.bus import offsets
from shared.bus.batch import Batch, apply_batch
from shared.bus.brake import Brake, Braked
from shared.bus.messages import Decode, Delivered, Record, decode
from shared.bus.offsets import Fenced, Position
from shared.bus.transaction import Handle
from shared.bus.waiting import Backoff
from shared.contracts.base import Contract
from shared.database.errors import classify

DRAIN_SECONDS: Final = 20
"""How long a revocation waits for the batch in hand; below the rebalance timeout."""
LAG_COMMIT_SECONDS: Final = 1.0
BEHIND_SECONDS: Final = 20
"""How long Kafka's end may lie before the stored position, as it can for a moment after a change of leader."""
FEW: Final = 200
"""A batch smaller than this is followed by the consumer's pause."""
MANY: Final = 1_000
"""A batch of so many tells of a backlog."""
BACKLOG_SECONDS: Final = 1.0

OnConflict = Callable[[Delivered[Contract]], Delivered[Contract]]


class EndBehind(Exception):
    """Kafka ends before the stored position: a new leader that lags for a moment, or a topic that lost records."""


def record_of(raw: ConsumerRecord) -> Record:
    """Kafka's record as ours."""
    return Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value or b"", tuple(raw.headers), raw.timestamp)


class Consumer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """One consumer group of a service, and its state in this process."""

    def __init__(
        self,
        name: str,
        engine: AsyncEngine,
        handle: Handle,
        log: BoundLogger,
        *,
        decode: Decode = decode,
        on_conflict: OnConflict | None = None,
        pause: float = 0.0,
    ) -> None:
        self._pause = pause
        self._backlog_at = -math.inf
        self.name = name
        self.batch = Batch(name, engine, handle, decode, on_conflict)
        self.stopped: str | None = None
        """Why this consumer does no more, or None."""
        self._engine = engine
        self._log = log.bind(consumer=name)
        self._brake = Brake()
        self._next: dict[Position, int] = {}
        self._gaps: dict[Position, int] = {}
        self._abandon = asyncio.Event()
        self._closing = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._lag_commit: asyncio.Task[None] | None = None
        self._client: Callable[[], AIOKafkaConsumer | None] = lambda: None

    def bind(self, client: Callable[[], AIOKafkaConsumer | None]) -> None:
        """Tell the loop where its Kafka consumer is found once it has started."""
        self._client = client

    @property
    def assigned(self) -> dict[Position, int]:
        """Partitions in hand and the next offset of each."""
        return dict(self._next)

    @property
    def behind(self) -> bool:
        """Whether a backlog was being worked off a moment ago: what can wait in the same process then does."""
        return asyncio.get_running_loop().time() - self._backlog_at < BACKLOG_SECONDS

    def close(self) -> None:
        """Let go of whatever is being waited for; called before the process stops."""
        self._closing = True
        self._abandon.set()

    # -- the batch ------------------------------------------------------------------------------------

    async def on_batch(self, raws: Sequence[ConsumerRecord]) -> None:
        """Give effect to what FastStream fetched; returns when it is durable, quarantined or abandoned."""
        self._idle.clear()
        try:
            if self.stopped is not None:
                await self._abandon.wait()
                return
            records = self._due([record_of(raw) for raw in raws])
            if records:
                await self._persist(records)
                if len(records) >= MANY:
                    self._backlog_at = asyncio.get_running_loop().time()
                if self._pause and len(records) < FEW:
                    await self._gather_company()
        finally:
            self._idle.set()

    async def _gather_company(self) -> None:
        """A batch costs a handful of round trips: where a moment's delay is nothing, few records wait for more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._pause):
                await self._abandon.wait()

    def _due(self, records: Sequence[Record]) -> list[Record]:
        """Records that continue the stored position; strays of a former assignment fall out."""
        due: list[Record] = []
        expected = dict(self._next)
        for record in records:
            position = (record.topic, record.partition)
            wanted = expected.get(position)
            if wanted is None or record.offset < wanted:
                continue
            if record.offset > wanted:
                if self._gaps.get(position) != wanted:
                    self._seek_back(position, wanted)
                    expected.pop(position)
                    continue
                # Kafka has them no more: expired before they were read. Nothing can bring them back from here.
                self._log.error(
                    "records_missing", topic=position[0], partition=position[1], first=wanted, next=record.offset
                )
            due.append(record)
            expected[position] = record.offset + 1
        return due

    def rewind(self) -> None:
        """Seek every partition to what is next to take effect: a fetch that failed may have dropped records of it."""
        client = self._client()
        for position, wanted in self._next.items():
            if client is not None:
                client.seek(TopicPartition(*position), wanted)

    def _seek_back(self, position: Position, wanted: int) -> None:
        """A gap may be our own (an abandoned batch) or Kafka's (expired records): ask once more, then believe it."""
        self._gaps[position] = wanted
        self._log.warning("gap_in_offsets", topic=position[0], partition=position[1], wanted=wanted)
        client = self._client()
        if client is not None:
            with contextlib.suppress(KafkaError, AssertionError, ValueError):
                client.seek(TopicPartition(*position), wanted)

    async def _persist(self, records: list[Record]) -> None:
        backoff = Backoff()
        while not self._abandon.is_set():
            try:
                self._next.update(await apply_batch(self.batch, records, self._next, self._brake, self._log))
            except Fenced as error:
                self._log.warning("fenced", reason=str(error))
                await self._reload({(r.topic, r.partition) for r in records})
                return
            except Braked as error:
                await self.stop(str(error))
                return
            except Exception as error:  # noqa: BLE001 - FastStream would skip the batch
                if classify(error) != "transient":
                    self._log.exception("consumer_failed")
                    await self.stop(f"{type(error).__name__} outside any message's handling")
                    return
                self._log.warning("consumer_waits", reason=type(error).__name__)
                await backoff.wait(self._abandon)
                # What was committed before the failure is known to the database alone.
                records = await self._undone(records)
            else:
                self._commit_lag()
                return

    async def _undone(self, records: list[Record]) -> list[Record]:
        """After a failure: what of the batch is not yet stored."""
        stored = await self._stored()
        if stored is None:
            return records
        for position in self._next:
            self._next[position] = max(self._next[position], stored.get(position, 0))
        return [r for r in records if r.offset >= self._next.get((r.topic, r.partition), 0)]

    async def stop(self, reason: str) -> None:
        """Stop for good, keeping the position: an operator mends the release and restarts the process."""
        self.stopped = reason
        self._log.error("consumer_stopped", reason=reason)
        await self._abandon.wait()

    # -- assignment -----------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Finish the batch in hand before its partitions are given away."""
        if not revoked:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0 if self.stopped else DRAIN_SECONDS):
                await self._idle.wait()
        self._abandon.set()
        await self._idle.wait()
        if not self._closing:
            self._abandon.clear()
        self._next.clear()

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Seek to the stored positions; partitions never read before begin at their first record."""
        if assigned:
            await self._reload({(tp.topic, tp.partition) for tp in assigned})

    async def _reload(self, positions: set[Position]) -> None:
        client = self._client()
        if client is None:
            return
        backoff, loop = Backoff(), asyncio.get_running_loop()
        patience = loop.time() + BEHIND_SECONDS
        while not self._abandon.is_set():
            try:
                stored = await self._positions(client, positions)
            except Exception as error:  # noqa: BLE001 - aiokafka would go on from the wrong position
                if isinstance(error, EndBehind) and loop.time() > patience:
                    # The topic lost records or was made anew; going on would silently skip what is written now.
                    self.stopped = str(error)
                    self._log.error("consumer_stopped", reason=self.stopped)
                    return
                if not isinstance(error, (KafkaError, EndBehind)) and classify(error) != "transient":
                    self._log.exception("assignment_failed")
                self._log.warning("assignment_waits", reason=type(error).__name__)
                await backoff.wait(self._abandon)
                continue
            for position in positions:
                client.seek(TopicPartition(*position), stored[position])
                self._next[position] = stored[position]
                self._gaps.pop(position, None)
            return

    async def _positions(self, client: AIOKafkaConsumer, wanted: set[Position]) -> dict[Position, int]:
        partitions = [TopicPartition(*position) for position in wanted]
        begins = await client.beginning_offsets(partitions)
        ends = await client.end_offsets(partitions)
        async with self._engine.begin() as conn:
            stored = await offsets.load(conn, self.name)
            new = {(tp.topic, tp.partition): begins[tp] for tp in partitions if (tp.topic, tp.partition) not in stored}
            await offsets.begin(conn, self.name, new)
            stored = await offsets.load(conn, self.name)
        ahead = [tp for tp in partitions if stored[(tp.topic, tp.partition)] > ends[tp]]
        if ahead:
            raise EndBehind(f"stored position is beyond the end of {ahead[0].topic}/{ahead[0].partition}")
        return stored

    async def _stored(self) -> dict[Position, int] | None:
        try:
            async with self._engine.connect() as conn:
                return await offsets.load(conn, self.name)
        except Exception as error:
            if classify(error) != "transient":
                raise
            return None

    # -- lag displays ---------------------------------------------------------------------------------

    def _commit_lag(self) -> None:
        if self._lag_commit is None or self._lag_commit.done():
            self._lag_commit = asyncio.create_task(self._commit_later())

    async def _commit_later(self) -> None:
        await asyncio.sleep(LAG_COMMIT_SECONDS)
        client = self._client()
        if client is None or not self._next:
            return
        with contextlib.suppress(KafkaError, AssertionError, ValueError):
            await client.commit({TopicPartition(*position): next_ for position, next_ in self._next.items()})
