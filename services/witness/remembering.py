"""What the witness has signed stands on `audit.cosignatures` too, signed by itself: so a lost database forgets nothing.

Read before the first checkpoint is judged. A witness with an empty memory would sign whatever it is shown first.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol

from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.witness import store
from services.witness.domain.cosigning import is_own
from services.witness.domain.judging import Signed
from shared.bus.messages import Record, Undecodable, decode
from shared.bus.partition import opened
from shared.bus.topic import Topic
from shared.bus.topics import AUDIT_COSIGNATURES
from shared.bus.waiting import Backoff
from shared.contracts.audit import CheckpointCosigned
from shared.database.engine import raw
from shared.database.errors import classify
from verifier.notes import Key


class Told(Protocol):
    """What was ever published on `audit.cosignatures`."""

    def newest_first(self) -> AsyncIterator[CheckpointCosigned]:
        """Co-signatures of this log from the last one back, one at a time."""
        ...

    def oldest_first(self) -> AsyncIterator[CheckpointCosigned]:
        """All of them, in portions."""
        ...


class Remembering:
    """Brings the memory of the witness to what it was.

    Args:
        engine: Its database.
        told: What it has published.
        keys: All its own keys.
        origin: The log.
        now: System clock.
        log: Where it is told that something was missing.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        told: Told,
        keys: Sequence[Key],
        origin: str,
        now: Callable[[], datetime],
        log: BoundLogger,
    ) -> None:
        self._engine = engine
        self._told = told
        self._keys = keys
        self._origin = origin
        self._now = now
        self._log = log

    async def until_level(self) -> int:
        """Take over what is missing, waiting out every outage; how many checkpoints."""
        backoff = Backoff()
        while True:
            try:
                return await self._missing()
            except (KafkaError, OSError, TimeoutError) as error:
                self._log.warning("remembering_waits", reason=f"{type(error).__name__}: {error}")
            except Exception as error:
                if classify(error) != "transient":
                    raise
                self._log.warning("remembering_waits", reason=type(error).__name__)
            await backoff.wait()

    async def _missing(self) -> int:
        async with self._engine.connect() as conn:
            last = await store.last_signed(await raw(conn))
        async for body in self._told.newest_first():
            if is_own(body, self._origin, self._keys):
                return await self._take_over() if body.size > last.size else 0
        return 0

    async def _take_over(self) -> int:
        count, at = 0, self._now()
        async with self._engine.begin() as conn:
            connection = await raw(conn)
            async for body in self._told.oldest_first():
                if is_own(body, self._origin, self._keys):
                    signed = Signed(body.size, bytes.fromhex(body.root))
                    count += await store.add_signed(connection, signed, body.cosignature, at)
        self._log.warning("memory_restored", checkpoints=count)
        return count


class CosignatureTopic:
    """The topic, read without a group.

    Args:
        bootstrap: Kafka's addresses.
        origin: The log's name, which is the key of the records.
        topic: Where co-signatures stand.
    """

    def __init__(self, bootstrap: Sequence[str], origin: str, topic: Topic = AUDIT_COSIGNATURES) -> None:
        self._bootstrap = list(bootstrap)
        self._key = origin.encode()
        self._topic = topic

    async def newest_first(self) -> AsyncIterator[CheckpointCosigned]:
        """Co-signatures from the last one back.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with opened(self._bootstrap, self._topic) as partition:
            async for record in partition.backwards(partition.end):
                body = self._read(record)
                if body is not None:
                    yield body

    async def oldest_first(self) -> AsyncIterator[CheckpointCosigned]:
        """All co-signatures up to the last one of now.

        Raises:
            KafkaError: Kafka does not answer.
        """
        async with opened(self._bootstrap, self._topic) as partition:
            async for record in partition.forwards(partition.begin):
                body = self._read(record)
                if body is not None:
                    yield body

    def _read(self, record: Record) -> CheckpointCosigned | None:
        """A co-signature of this log; what is none is passed over, for it holds no memory."""
        try:
            body = decode(record).body if record.key == self._key else None
        except Undecodable:
            return None
        return body if isinstance(body, CheckpointCosigned) else None
