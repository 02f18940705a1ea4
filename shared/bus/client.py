"""The asking side of request and reply: a gateway's way to ask a service and get the answer.

FastStream's `request()` does not exist on real Kafka. Each gateway process reads all of `gateway.replies` without a
group, picks the replies to its own requests by their id, and opens them with the one-time key that it sealed into
the request: nobody else can read them.
"""

import asyncio
import base64
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError
from structlog.stdlib import BoundLogger

from shared.bus.actor import sign
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged, Publisher
from shared.bus.sealing import KeyRing, Unsealable, open_with
from shared.bus.topic import Topic
from shared.bus.topics import GATEWAY_REPLIES
from shared.bus.waiting import Backoff
from shared.clock.system import system_now
from shared.contracts.answers import Answer
from shared.contracts.asking import Body
from shared.contracts.base import Language
from shared.contracts.requests import Actor, Reply, ReplyEnvelope, RequestEnvelope, SealedRequest


class Unavailable(Exception):
    """Kafka did not take the request: nothing was asked, as far as the asker can tell."""


class NotAsked(Unavailable):
    """Nothing was sent at all: replies are not being read yet."""


class NoAnswer(Exception):
    """The request was taken but no answer came in time. A command stands; ask for it by its idempotency key."""


class AlreadyAsked(Exception):
    """A question with this id is waiting for its answer in this process: the same one came again meanwhile."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask of which service, for whom."""

    topic: Topic
    id: UUID
    key: str
    """The record's key: a pseudonym or an id, never an identity code."""
    actor: Actor
    body: Body
    accepted: datetime
    """Business clock."""
    language: Language = "fi"
    command: bool = False
    """Commands do not expire once Kafka has acknowledged them."""


class BusClient:
    """Asks, and waits for answers. Start it before asking; run `read_for_ever` in the background."""

    def __init__(
        self, bootstrap: str, publisher: Publisher, ring: KeyRing, actor_key: Ed25519PrivateKey, log: BoundLogger
    ) -> None:
        self._bootstrap = bootstrap
        self._publisher = publisher
        self._ring = ring
        self._actor_key = actor_key
        self._log = log
        self._waiting: dict[UUID, tuple[AESGCM, asyncio.Future[Answer]]] = {}
        self.listening = asyncio.Event()
        """Set once replies are being read; asking before that would miss the answer."""

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - sent as the deadline too
        """Publish the question and wait for its answer, at most `timeout` seconds.

        Raises:
            Unavailable: Kafka did not acknowledge the request; `NotAsked` when it was not even sent.
            NoAnswer: no reply in time.
            AlreadyAsked: the same question is under way; its answer goes to whoever asked first.
        """
        if question.id in self._waiting:
            raise AlreadyAsked(str(question.id))
        if not self.listening.is_set():
            raise NotAsked("replies are not being read yet")
        reply_key = os.urandom(32)
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[question.id] = (AESGCM(reply_key), future)
        try:
            await self._publisher.publish(self.message(question, reply_key, timeout))
            async with asyncio.timeout(timeout):
                return await future
        except NotAcknowledged as error:
            raise Unavailable(str(error)) from error
        except TimeoutError as error:
            raise NoAnswer(f"no answer from {question.topic.name} in {timeout} s") from error
        finally:
            self._waiting.pop(question.id, None)

    def message(self, question: Question, reply_key: bytes, timeout: float) -> Outgoing:
        """The question as it is published: sealed for the service, signed by this gateway."""
        inner = SealedRequest(
            actor=sign(question.actor, self._actor_key),
            reply_key=base64.urlsafe_b64encode(reply_key).decode().rstrip("="),
            language=question.language,
            body=question.body,
        )
        if question.topic.key_set is None:
            raise ValueError(f"{question.topic.name} takes no sealed requests")
        sealed = self._ring.seal(
            question.topic.key_set,
            inner.model_dump_json().encode(),
            id=question.id,
            type=RequestEnvelope.ce_type,
        )
        envelope = RequestEnvelope(
            id=question.id,
            accepted=question.accepted,
            deadline=None if question.command else system_now() + timedelta(seconds=timeout),
            sealed=sealed,
        )
        return Outgoing.of(
            question.topic, question.key, question.id, envelope, source="gateway", time=question.accepted
        )

    async def read_for_ever(self) -> None:
        """Read the replies; outages are waited out, what was being waited for then times out."""
        backoff = Backoff()
        while True:
            consumer = AIOKafkaConsumer(
                bootstrap_servers=self._bootstrap.split(","),
                client_id="kelmu-gateway-replies",
                group_id=None,
                enable_auto_commit=False,
                auto_offset_reset="latest",
            )
            try:
                await self._read(consumer)
            except UnicodeDecodeError:
                # A header name that the client cannot read; a new consumer begins behind it.
                self._log.warning("reply_unreadable")
            except (KafkaError, OSError) as error:
                self._log.warning("replies_wait", reason=type(error).__name__)
            finally:
                self.listening.clear()
                await consumer.stop()
            await backoff.wait()

    async def _read(self, consumer: AIOKafkaConsumer) -> None:
        await consumer.start()
        partitions = [TopicPartition(GATEWAY_REPLIES.name, n) for n in range(GATEWAY_REPLIES.partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        for partition in partitions:
            # seek_to_end takes effect only when the position is asked for.
            await consumer.position(partition)
        self.listening.set()
        async for record in consumer:
            self._take(record.value or b"")

    def _take(self, value: bytes) -> None:
        try:
            envelope = ReplyEnvelope.model_validate_json(value)
        except ValidationError:
            self._log.warning("reply_unreadable")
            return
        waiting = self._waiting.get(envelope.request)
        if waiting is None or waiting[1].done():
            return
        key, future = waiting
        try:
            plain = open_with(key, envelope.sealed, id=envelope.request, type=ReplyEnvelope.ce_type)
            future.set_result(Reply.model_validate_json(plain).answer)
        except (Unsealable, ValidationError):
            # Somebody else wrote this; the true reply may still come.
            self._log.warning("reply_not_ours", request=str(envelope.request))
