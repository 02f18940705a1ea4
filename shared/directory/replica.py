"""A service's own copy of what the agreements service has published, kept current in the background."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from shared.bus.messages import Delivered, Record
from shared.bus.reader import TopicReader
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.contracts.base import Contract
from shared.directory.model import Directory

if TYPE_CHECKING:
    from shared.kit import Kit


class Replica:
    """Reads `agreements.events` from the beginning, for ever, into a `Directory`.

    The service is not ready before the copy has reached the end that the topic had at the start; after that
    an outage shows as a heartbeat that grows old, which the gate refuses (invariant 6).

    Args:
        kit: The service's process, in whose background the replica runs.

    Attributes:
        directory: The folded state. It changes between two awaits, never during a synchronous decision.
    """

    NAME: Final = "replica of agreements"
    """Of its background work and of its condition of readiness."""

    def __init__(self, kit: "Kit") -> None:
        self.directory = Directory()
        self._log = kit.log
        self._reader = TopicReader(
            kit.settings.kafka, AGREEMENTS_EVENTS, self._take, kit.log, on_unreadable=self._forget
        )
        kit.background(self.NAME, self._reader.run)
        kit.first(self.NAME, self._reader.reached)
        kit.ready(self.NAME, self.why_not_ready)

    @property
    def ready(self) -> bool:
        """Whether the end seen at the start has been reached."""
        return self._reader.caught_up

    @property
    def passed_over(self) -> int:
        """Records that could not be read since the start; each is in the log, and billing quarantines it."""
        return self._reader.unreadable

    def why_not_ready(self) -> str | None:
        """None when ready, else the reason in words."""
        return None if self.ready else "agreements.events has not yet been read to the end it had at the start"

    def age(self, now: datetime) -> timedelta | None:
        """System time since the last heartbeat; None before the first or while not ready.

        Args:
            now: System clock.
        """
        if not self.ready or self.directory.heartbeat is None:
            return None
        return now - self.directory.heartbeat

    def _take(self, message: Delivered[Contract]) -> None:
        self.directory.apply(message.body)

    def _forget(self, record: Record) -> None:
        """Its newest version may end a right: refuse by it until a version arrives that can be read.

        The agreements service gives every record its key; one without a key is none of its own.
        """
        key = (record.key or b"").decode(errors="replace")
        if self.directory.forget(key):
            self._log.error("record_held_as_unknown", record=key, offset=record.offset)
