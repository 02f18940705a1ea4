"""The one place where FastStream subscribers are made, with the options that do not lose messages.

FastStream's defaults acknowledge first, start at the latest record, create topics with one partition and die on a
header that is not text. Here: own offsets (`AckPolicy.MANUAL`), `earliest`, explicit groups, no topic creation, and
a parser that hands records over untouched, so that the loops read each record on its own.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from itertools import chain
from typing import Final, TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka import Topic as KafkaTopic
from faststream.kafka.message import FAKE_CONSUMER
from structlog.stdlib import BoundLogger

from shared.bus.topic import Topic
from shared.bus.unreadable import step_over
from shared.settings import Settings

MAX_RECORDS: Final = 2_000
"""A batch costs a fixed handful of round trips; a backlog wants them shared by many records."""
IDLE_POLL_MS: Final = 1_000
"""How long a consumer waits for records before it asks again; what arrives meanwhile is handed over at once."""
SESSION_TIMEOUT_MS: Final = 10_000
HEARTBEAT_MS: Final = 1_000
"""A member learns of a rebalance at its next heartbeat: until then nobody consumes."""
REBALANCE_TIMEOUT_MS: Final = 30_000

Raw: TypeAlias = ConsumerRecord | tuple[ConsumerRecord, ...]


def make_broker(settings: Settings, log: BoundLogger) -> KafkaBroker:
    """The process's connection to Kafka: acknowledged by all replicas, idempotent, nothing delayed."""
    return KafkaBroker(
        settings.kafka.split(","),
        client_id=f"kelmu-{settings.service}",
        acks="all",
        enable_idempotence=True,
        linger_ms=0,
        max_batch_size=256 * 1024,
        request_timeout_ms=settings.request_timeout_ms,
        metadata_max_age_ms=30_000,
        allow_auto_create_topics=True,  # each topic says declare=False; this only silences a warning a start
        apply_types=False,
        graceful_timeout=15.0,
        logger=log,
        log_level=logging.DEBUG,
    )


async def _untouched(raw: Raw) -> KafkaMessage:
    return KafkaMessage(raw_message=raw, body=b"", correlation_id="-", consumer=FAKE_CONSUMER)


async def _raw(message: KafkaMessage) -> Raw:
    return message.raw_message


def _many(rewind: Callable[[], None]) -> Callable[[AIOKafkaConsumer], Awaitable[tuple[ConsumerRecord, ...]]]:
    """Fetches batches. FastStream's own fetch sleeps after every empty poll: either often, or records wait for it."""

    async def get(consumer: AIOKafkaConsumer) -> tuple[ConsumerRecord, ...]:
        try:
            fetched = await consumer.getmany(timeout_ms=IDLE_POLL_MS, max_records=MAX_RECORDS)
        except UnicodeDecodeError:
            rewind()
            return tuple(await step_over(consumer))
        return tuple(chain.from_iterable(fetched.values()))

    return get


def _one(
    fetch: Callable[[AIOKafkaConsumer], Awaitable[ConsumerRecord]],
) -> Callable[[AIOKafkaConsumer], Awaitable[ConsumerRecord]]:
    ready: list[ConsumerRecord] = []

    async def get(consumer: AIOKafkaConsumer) -> ConsumerRecord:
        while not ready:
            try:
                return await fetch(consumer)
            except UnicodeDecodeError:
                ready.extend(await step_over(consumer))
        return ready.pop(0)

    return get


class Subscription:
    """A started or startable subscriber, and the Kafka consumer under it."""

    def __init__(self, start: Callable[[], Awaitable[None]], client: Callable[[], AIOKafkaConsumer | None]) -> None:
        self.start = start
        self.client = client


def subscribe_batches(
    broker: KafkaBroker,
    topics: Sequence[Topic],
    group: str,
    handler: Callable[[Sequence[ConsumerRecord]], Awaitable[None]],
    listener: ConsumerRebalanceListener,
    instance: str | None = None,
    rewind: Callable[[], None] = lambda: None,
) -> Subscription:
    """Batches of raw records for the consumer loop; starts when `start` is awaited."""
    subscriber = broker.subscriber(
        *(KafkaTopic(topic.name, declare=False) for topic in topics),
        group_id=group,
        group_instance_id=instance,
        batch=True,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=HEARTBEAT_MS,
        rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
        fetch_max_wait_ms=500,
        listener=listener,
        parser=_untouched,
        decoder=_raw,
        no_reply=True,
    )
    subscriber(handler)
    subscriber.get_msg = _many(rewind)  # type: ignore[method-assign,assignment]  # the one seam before the fetch
    return Subscription(subscriber.start, lambda: subscriber.consumer)


def subscribe_singles(
    broker: KafkaBroker,
    topic: Topic,
    group: str,
    handler: Callable[[ConsumerRecord], Awaitable[None]],
    listener: ConsumerRebalanceListener,
    instance: str | None = None,
) -> Subscription:
    """Raw records one by one, as soon as they arrive, for the query loop."""
    subscriber = broker.subscriber(
        KafkaTopic(topic.name, declare=False),
        group_id=group,
        group_instance_id=instance,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.MANUAL,
        session_timeout_ms=SESSION_TIMEOUT_MS,
        heartbeat_interval_ms=HEARTBEAT_MS,
        rebalance_timeout_ms=REBALANCE_TIMEOUT_MS,
        listener=listener,
        parser=_untouched,
        decoder=_raw,
        no_reply=True,
    )
    subscriber(handler)
    subscriber.get_msg = _one(subscriber.get_msg)  # type: ignore[method-assign,assignment]  # the one seam before the fetch
    return Subscription(subscriber.start, lambda: subscriber.consumer)
