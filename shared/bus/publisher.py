"""Publishing: every message acknowledged by all in-sync replicas before anyone relies on it."""

import asyncio
from collections.abc import Sequence
from typing import cast

from aiokafka.errors import KafkaError, OutOfOrderSequenceNumber, UnknownProducerId
from faststream.kafka import KafkaBroker

from shared.bus.messages import Outgoing


class NotAcknowledged(Exception):
    """Kafka did not confirm the message in time. It may or may not be there: publishing it again is safe."""


class Publisher:
    """Publishes `Outgoing` messages through the process's one idempotent producer."""

    def __init__(self, broker: KafkaBroker, timeout_ms: int) -> None:
        self._broker = broker
        self._timeout = timeout_ms / 1000
        self.broken = asyncio.Event()
        """Set when the producer cannot recover by itself (after a cluster outage); the process must restart."""

    async def publish(self, message: Outgoing) -> None:
        """Publish one message and wait for its acknowledgement.

        Raises:
            NotAcknowledged: Kafka is down or too slow.
        """
        await self.publish_many((message,))

    async def publish_many(self, messages: Sequence[Outgoing]) -> None:
        """Publish in the given order (order per key is kept) and wait for every acknowledgement.

        Raises:
            NotAcknowledged: at least one was not confirmed; those before it in its partition were.
        """
        try:
            async with asyncio.timeout(self._timeout):
                acks = [await self._send(message) for message in messages]
                await asyncio.gather(*acks)
        except (KafkaError, TimeoutError, OSError) as error:
            if isinstance(error, (OutOfOrderSequenceNumber, UnknownProducerId)):
                self.broken.set()
            raise NotAcknowledged(f"{len(messages)} message(s) not acknowledged: {type(error).__name__}") from error

    async def _send(self, message: Outgoing) -> "asyncio.Future[object]":
        # `no_confirm` hands back the future of the acknowledgement; `publish_many` awaits every one of them.
        future = await self._broker.publish(
            message.body,
            message.topic,
            key=message.key,
            headers=message.headers(),
            correlation_id=str(message.id),
            no_confirm=True,
        )
        return cast("asyncio.Future[object]", future)
