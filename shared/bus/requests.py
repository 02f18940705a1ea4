"""The asked side of request and reply: opening requests, the query loop, and answering.

Queries run in their own loop, one by one as they arrive and many at a time, apart from the batch loop. A query's
offset is committed to Kafka only when it is done: its effects are on Kafka already, so nothing has to be restored
with the database. Commands go through the batch loop (`shared.bus.consumer`) and are opened with `open_request`.
"""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from shared.bus import quarantine
from shared.bus.actor import ActorRefused, verify
from shared.bus.consumer import record_of
from shared.bus.messages import Delivered, Outgoing, Undecodable, decode, faulty_fields
from shared.bus.publisher import NotAcknowledged, Publisher
from shared.bus.quarantine import Culprit
from shared.bus.sealing import KeyRing, Unsealable, seal_with
from shared.bus.topics import GATEWAY_REPLIES
from shared.bus.transaction import Refuse
from shared.bus.waiting import Backoff
from shared.clock.system import system_now
from shared.contracts.answers import Answer
from shared.contracts.asking import Body
from shared.contracts.base import Contract, Language
from shared.contracts.requests import Actor, Reply, ReplyEnvelope, RequestEnvelope, SealedRequest

CONCURRENT: Final = 64
"""Queries worked on at a time in one process; more wait in Kafka."""
DRAIN_SECONDS: Final = 10
COMMIT_SECONDS: Final = 0.2


@dataclass(frozen=True, slots=True)
class Request:
    """A request as a handler sees it."""

    id: UUID
    accepted: datetime
    """Business clock, at the gateway."""
    deadline: datetime | None
    """System clock, never later than the actor's own expiry. It is for queries: a command does not expire once it
    was accepted, however long it waits in the topic."""
    actor: Actor | None
    """None when the signature is wrong or for another request: refuse (invariant 6)."""
    language: Language
    body: Body
    reply_key: bytes
    taken: datetime
    """System clock: when Kafka took the request. A command does not age while it waits in the topic, so who sent it
    is judged at this moment."""

    def actor_at(self, moment: datetime) -> Actor | None:
        """Who asks, as far as that is believed at a moment of the system clock; None when the actor had expired."""
        return self.actor if self.actor is not None and moment <= self.actor.expires else None

    def expired(self, now: datetime) -> bool:
        """Whether the deadline has passed on the system clock."""
        return self.deadline is not None and now > self.deadline


def open_request(message: Delivered[Contract], ring: KeyRing, actor_key: Ed25519PublicKey) -> Request:
    """Open a request and check who asks.

    Raises:
        Refuse: it cannot be opened or read; it belongs in the quarantine, there is nobody to answer.
    """
    envelope = message.body
    if not isinstance(envelope, RequestEnvelope) or envelope.id != message.id:
        raise Refuse("schema", "not a request, or its id differs from its header")
    try:
        inner = SealedRequest.model_validate_json(ring.open(envelope.sealed, id=message.id, type=message.type))
    except Unsealable as error:
        raise Refuse("unsealable", str(error)) from error
    except ValidationError as error:
        faults = faulty_fields(SealedRequest, error)
        raise Refuse("schema", f"the sealed request breaks its schema at: {faults}") from error
    try:
        actor = verify(inner.actor, actor_key, request=envelope.id)
    except ActorRefused:
        actor = None
    limits = [limit for limit in (envelope.deadline, actor.expires if actor else None) if limit]
    return Request(
        id=envelope.id,
        accepted=envelope.accepted,
        deadline=min(limits, default=None),
        actor=actor,
        language=inner.language,
        body=inner.body,
        reply_key=base64.urlsafe_b64decode(inner.reply_key + "="),
        taken=datetime.fromtimestamp(message.record.timestamp / 1000, UTC),
    )


class Replier:
    """Answers requests. A reply that cannot be published is lost: the asker's deadline passes, or it asks again."""

    def __init__(self, publisher: Publisher, service: str, log: BoundLogger) -> None:
        self._publisher = publisher
        self._service = service
        self._log = log

    async def reply(self, request: Request, answer: Answer) -> None:
        """Seal the answer with the request's one-time key and publish it."""
        sealed = seal_with(
            AESGCM(request.reply_key),
            Reply(answer=answer).model_dump_json().encode(),
            id=request.id,
            type=ReplyEnvelope.ce_type,
        )
        message = Outgoing.of(
            GATEWAY_REPLIES,
            str(request.id),
            request.id,
            ReplyEnvelope(request=request.id, sealed=sealed),
            source=self._service,
            time=system_now(),
        )
        try:
            await self._publisher.publish(message)
        except NotAcknowledged as error:
            self._log.warning("reply_lost", request=str(request.id), reason=str(error))


class Tracker:
    """Which offset of each partition may be committed: the first one that is not done. Pure."""

    def __init__(self) -> None:
        self._open: dict[TopicPartition, set[int]] = {}
        self._next: dict[TopicPartition, int] = {}

    def begin(self, partition: TopicPartition, offset: int) -> None:
        """A record is being worked on."""
        self._open.setdefault(partition, set()).add(offset)
        self._next[partition] = offset + 1

    def done(self, partition: TopicPartition, offset: int) -> None:
        """A record is done."""
        self._open.get(partition, set()).discard(offset)

    def committable(self) -> dict[TopicPartition, int]:
        """Next offset to read after a restart, per partition."""
        return {p: min(self._open.get(p) or {next_}) for p, next_ in self._next.items()}

    def clear(self) -> None:
        """Forget everything: the partitions are no longer ours."""
        self._open.clear()
        self._next.clear()


Answerer = Callable[[Request], Awaitable[Answer]]
"""Answers one query. Raises `NotAcknowledged` when nothing could be logged: the query stays undone and is tried
again, past its deadline as aborted. Every other failure is the handler's to turn into an answer."""


class QueryLoop(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Works on queries as they arrive, up to 64 at a time."""

    def __init__(
        self,
        name: str,
        engine: AsyncEngine,
        answerer: Answerer,
        replier: Replier,
        ring: KeyRing,
        actor_key: Ed25519PublicKey,
        log: BoundLogger,
    ) -> None:
        self.name = name
        self._engine = engine
        self._answer = answerer
        self._replier = replier
        self._ring = ring
        self._actor_key = actor_key
        self._log = log.bind(consumer=name)
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._tracker = Tracker()
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._closing = asyncio.Event()
        self._committed: dict[TopicPartition, int] = {}

    def bind(self, client: Callable[[], AIOKafkaConsumer | None]) -> None:
        """Tell the loop where its Kafka consumer is found once it has started."""
        self._client = client

    async def on_record(self, raw: ConsumerRecord) -> None:
        """Begin work on one record; returns as soon as a slot was free."""
        await self._slots.acquire()
        partition = TopicPartition(raw.topic, raw.partition)
        self._tracker.begin(partition, raw.offset)
        task = asyncio.create_task(self._work(raw, partition))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, raw: ConsumerRecord, partition: TopicPartition) -> None:
        try:
            if await self._handle(raw):
                self._tracker.done(partition, raw.offset)
        finally:
            self._slots.release()

    async def _handle(self, raw: ConsumerRecord) -> bool:
        backoff = Backoff()
        while not self._closing.is_set():
            try:
                request = open_request(decode(record_of(raw)), self._ring, self._actor_key)
                await self._replier.reply(request, await self._answer(request))
            except (Undecodable, Refuse) as error:
                if await self._set_aside(raw, error):
                    return True
            except NotAcknowledged as error:
                self._log.warning("query_waits", reason=str(error))
            except Exception:  # noqa: BLE001 - whatever it is, the query must not be forgotten
                # Loud, and tried again: a look-up that left no trace must not be forgotten (invariant 1).
                self._log.exception("query_failed")
            else:
                return True
            await backoff.wait(self._closing)
        return False

    async def _set_aside(self, raw: ConsumerRecord, error: Undecodable | Refuse) -> bool:
        try:
            async with self._engine.begin() as conn:
                await quarantine.put(conn, self.name, [Culprit(record_of(raw), error.code, error.reason)])
        except Exception as failure:  # noqa: BLE001 - tried again by the caller
            self._log.warning("quarantine_waits", reason=type(failure).__name__)
            return False
        self._log.error("quarantined", topic=raw.topic, partition=raw.partition, offset=raw.offset, code=error.code)
        return True

    async def commit_for_ever(self) -> None:
        """Commit what is done, several times a second; a background task of the process."""
        while True:
            await asyncio.sleep(COMMIT_SECONDS)
            await self._commit()

    async def _commit(self) -> None:
        due = {p: o for p, o in self._tracker.committable().items() if self._committed.get(p) != o}
        client = self._client()
        if client is None or not due:
            return
        with contextlib.suppress(KafkaError, AssertionError, ValueError):
            await client.commit(due)
            self._committed.update(due)

    async def drain(self) -> None:
        """Let the queries in hand finish, then commit; those that cannot finish are read again by another process."""
        if self._tasks:
            await asyncio.wait(set(self._tasks), timeout=DRAIN_SECONDS)
        await self._commit()

    async def close(self) -> None:
        """Finish what is in hand before the process stops."""
        self._closing.set()
        await self.drain()

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Finish the queries of partitions that are given away."""
        if revoked:
            await self.drain()
            self._tracker.clear()
            self._committed.clear()

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Nothing to restore: Kafka knows the position."""
