"""The heartbeat on agreements.events: silence of the topic means trouble, not "nothing changed".

Published directly, not through the outbox: a heartbeat that waits in a table says nothing about now. It is stored
nowhere, and one that cannot be published is not made up for. None is published while accepted changes are stuck in
the outbox: readers would take old rights for present ones.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final, Protocol

from structlog.stdlib import BoundLogger

from services.agreements.store import SERVICE
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat
from shared.database.errors import classify
from shared.ids import event_id

PERIOD_SECONDS: Final = 10.0
"""Readers refuse look-ups after 60 s of silence: six in a row have to fail."""


class Publishes(Protocol):
    """What the heart needs of a publisher."""

    async def publish(self, message: Outgoing) -> None:
        """Publish and await the acknowledgement."""


class Heart:
    """Beats for as long as the process lives; several processes may beat at once.

    Args:
        publisher: Publishes on Kafka.
        oldest_unsent: Id of the oldest accepted change that is not published yet, or None.
        log: Where trouble is told.
        now: The system clock: freshness is never judged by the business clock.
        period: Seconds between beats.
    """

    def __init__(
        self,
        publisher: Publishes,
        oldest_unsent: Callable[[], Awaitable[int | None]],
        log: BoundLogger,
        now: Callable[[], datetime] = system_now,
        period: float = PERIOD_SECONDS,
    ) -> None:
        self._publisher = publisher
        self._oldest_unsent = oldest_unsent
        self._waiting: int | None = None
        self._log = log
        self._now = now
        self._period = period
        self._trouble: str | None = "no heartbeat published yet"

    async def beat(self) -> None:
        """Publish one heartbeat, or say why not and go on."""
        trouble = await self._stuck() or await self._publish()
        if trouble is not None:
            self._log.warning("heartbeat_missed", reason=trouble)
        self._trouble = trouble

    async def _stuck(self) -> str | None:
        """A change that already waited at the last beat and still waits is stuck."""
        try:
            oldest = await self._oldest_unsent()
        except Exception as error:
            if classify(error) != "transient":
                raise
            return f"the database does not answer: {type(error).__name__}"
        before, self._waiting = self._waiting, oldest
        return None if oldest is None or oldest != before else "accepted changes are not being published"

    async def _publish(self) -> str | None:
        at = self._now()
        heartbeat = Outgoing.of(
            AGREEMENTS_EVENTS,
            "heartbeat",
            event_id(SERVICE, "heartbeat", at.isoformat()),
            Heartbeat(at=at),
            source=SERVICE,
            time=at,
        )
        try:
            await self._publisher.publish(heartbeat)
        except NotAcknowledged as error:
            return str(error)
        return None

    async def beat_for_ever(self) -> None:
        """Beat now and then every period."""
        while True:
            await self.beat()
            await asyncio.sleep(self._period)

    def trouble(self) -> str | None:
        """Why the process is not ready, or None: the last heartbeat arrived."""
        return self._trouble
