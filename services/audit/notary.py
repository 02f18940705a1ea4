"""Signing: a checkpoint whenever the committed head has grown, and a statement of freshness at every tick.

Before a head is signed, what leads to it is told on `audit.sequence` and acknowledged: no signature can be lost with
the database, for whoever restores an old copy finds there what the log has already been. Nor is anything signed while
this database is behind what was told, or holds something else.

A tick asks Kafka where its partitions end, then reads the committed head and the positions reached (one
statement, one instant). So the statement claims only what is committed, and its size is that of a signed
checkpoint.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from aiokafka.errors import KafkaError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit import store
from services.audit.domain.freshness import Coverage
from services.audit.domain.merkle import CompactRange
from services.audit.domain.note import Checkpoint, VerifierKey, is_signed, sign
from services.audit.ends import TopicMissingError
from services.audit.growing import announcement, consistency
from services.audit.retracing import LogRefused, is_behind
from services.audit.sequence import Told
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.offsets import Position
from shared.bus.publisher import NotAcknowledged
from shared.bus.topics import AUDIT_ALERTS, AUDIT_FRESHNESS, AUDIT_SEQUENCE
from shared.contracts.audit import LogKeyChanged, SequenceAssigned
from shared.database.engine import driver, raw
from shared.database.errors import classify
from shared.freshness import Freshness
from shared.freshness import sign as sign_freshness
from shared.ids import event_id

if TYPE_CHECKING:
    from asyncpg import Connection

SOURCE: Final = "audit"
PORTION: Final = 500
"""Assignments in flight at once."""


class LogBehind(Exception):
    """The log was told to be longer than it is in this database."""


class Sampler(Protocol):
    """Where partitions end."""

    async def sample(self) -> Mapping[Position, int]:
        """End offset of every partition that the log reads."""
        ...

    async def close(self) -> None:
        """Let go of the connection."""
        ...


class Publishes(Protocol):
    """Where statements go."""

    async def publish(self, message: Outgoing) -> None:
        """Publish and wait for the acknowledgement."""
        ...

    async def publish_many(self, messages: Sequence[Outgoing]) -> None:
        """Publish in order and wait for every acknowledgement."""
        ...


class Notary:
    """Signs what the log has committed. Two at once do no harm: both sign the same committed heads."""

    def __init__(
        self,
        engine: AsyncEngine,
        publisher: Publishes,
        ends: Sampler,
        told: Told,
        keys: Sequence[Ed25519PrivateKey],
        origin: str,
        log: BoundLogger,
        now: Callable[[], datetime],
        consumer: str = store.CONSUMER,
    ) -> None:
        self._engine = engine
        self._publisher = publisher
        self._ends = ends
        self._told = told
        self._keys = tuple(keys)
        self._origin = origin
        self._log = log
        self._now = now
        self._consumer = consumer
        self._coverage = Coverage()
        self._signed: int | None = None
        self._published: int | None = None
        """Up to which size assignments are acknowledged."""
        self._waiting = ""

    async def run(self, every: float) -> None:
        """Tick for ever; outages are waited out, and meanwhile nothing is claimed."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            try:
                await self.tick()
            except (KafkaError, NotAcknowledged, TopicMissingError) as error:
                self._waits("freshness_waits", error)
                await self._ends.close()
            except (LogBehind, LogRefused) as error:
                self._waits("signing_refused", error)
                await self._ends.close()
            except Exception as error:
                if classify(error) != "transient":
                    raise
                self._waits("checkpoint_waits", error)
                await self._ends.close()
            else:
                self._waiting = ""
            due = max(due + every, loop.time())
            await asyncio.sleep(due - loop.time())

    def _waits(self, event: str, error: Exception) -> None:
        """Say once, not at every tick, what is being waited for."""
        reason = f"{type(error).__name__}: {error}"
        if reason != self._waiting:
            self._waiting = reason
            self._log.warning(event, reason=reason)

    async def tick(self) -> None:
        """Sign the committed head, then state how fresh the log is."""
        if self._signed is None:
            _, offsets = await self.sign_head()
            self._coverage = self._coverage.consumed(offsets)
        at = self._now()
        try:
            ends = await self._ends.sample()
        except (KafkaError, TopicMissingError, OSError):
            await self.sign_head()
            raise
        size, offsets = await self.sign_head()
        self._coverage = self._coverage.sampled(at, ends).consumed(offsets)
        await self._state(size, ends)

    async def sign_head(self) -> tuple[int, dict[Position, int]]:
        """Sign the committed head unless it was signed before; its size and the positions it holds.

        Raises:
            LogBehind, LogRefused: this database does not hold what was told of the log.
            KafkaError, NotAcknowledged: what leads to the head could not be told.
        """
        async with driver(self._engine) as connection:
            if self._published is None:
                self._published = await self._told_size(connection)
            tree, offsets = await store.committed(connection, self._consumer)
            if tree.size != self._signed:
                await self._tell(connection, self._published, tree.size)
                if tree.size and await store.assigned_root(connection, tree.size) != tree.root:
                    raise LogRefused(f"the head of {tree.size} entries is not where the last batch led")
        if tree.size != self._signed:
            await self._sign(tree)
        return tree.size, offsets

    async def _sign(self, tree: CompactRange) -> None:
        checkpoint = Checkpoint(self._origin, tree.size, tree.root)
        note = sign(checkpoint, *self._keys)
        at = self._now()
        async with self._engine.begin() as conn:
            connection = await raw(conn)
            previous = await store.lock_signing(connection)
            if self._signed is None:
                await outbox.write(conn, await self._key_changed(connection, at))
            if await store.add_checkpoint(connection, tree.size, note, at):
                proof = await consistency(connection, previous, tree.size)
                await outbox.write(conn, [announcement(checkpoint, note, previous, proof, at)])
        self._signed = tree.size

    async def _key_changed(self, connection: "Connection", at: datetime) -> list[Outgoing]:
        """What makes a log that stands still grow once, when its newest checkpoint is not signed by its newest key.

        So whoever knows the new key need believe nothing that only a key before it has signed.
        """
        newest = await store.newest_checkpoint(connection)
        current, *others = (VerifierKey.of(self._origin, key.public_key()) for key in self._keys)
        if newest is None or is_signed(newest[1].encode(), current):
            return []
        body = LogKeyChanged(key=str(current), replaced=tuple(str(one) for one in others))
        id_ = event_id("audit-log-key", str(current))
        return [Outgoing.of(AUDIT_ALERTS, self._origin, id_, body, source=SOURCE, time=at)]

    async def _told_size(self, connection: "Connection") -> int:
        """Up to where the log was ever told of; a new notary goes on from there."""
        newest = await self._told.newest()
        if await is_behind(connection, newest):
            raise LogBehind("this database is older than the log: it is brought up to date first")
        return 0 if newest is None else newest.size

    async def _tell(self, connection: "Connection", begin: int, end: int) -> None:
        while rows := await store.unpublished(connection, begin, end, PORTION):
            await self._publisher.publish_many([self._assignment(size, body) for size, body in rows])
            begin = self._published = rows[-1][0]

    def _assignment(self, size: int, body: str) -> Outgoing:
        return Outgoing.of(
            AUDIT_SEQUENCE,
            self._origin,
            event_id("audit-sequence", self._origin, str(size)),
            SequenceAssigned.model_validate_json(body),
            source=SOURCE,
            time=self._now(),
        )

    async def _state(self, size: int, ends: Mapping[Position, int]) -> None:
        stated = self._now()
        statement = sign_freshness(Freshness(size, stated, self._coverage.until(ends)), self._keys[0])
        id_ = event_id("audit-freshness", self._origin, stated.isoformat())
        await self._publisher.publish(
            Outgoing.of(AUDIT_FRESHNESS, self._origin, id_, statement, source=SOURCE, time=stated)
        )
