"""What was decided but never reached the worker: its use is taken back by an event of its own (golden R9, ADR 0010).

Only the gateway knows: the key of the answer lived there and is gone. It tells so by a command. The body follows from
the decided event alone, so that telling it twice is one reversal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.domain.access import SERVICE, answered
from services.lookup.store import decided
from services.lookup.telling import Publishes
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.contracts.access import AccessDecided, AccessReversed
from shared.contracts.answers import Noted
from shared.contracts.asking import NotDelivered
from shared.contracts.requests import Actor
from shared.ids import pseudonym, reversal_of

PATIENCE: Final = timedelta(seconds=10)
"""A question that was under way at its deadline is decided by then; one that never came, or that nobody can read, never
is. Counted from when the gateway gave up, so that what an outage held back waits for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """Takes back what was not delivered.

    Attributes:
        engine: Lookup's database.
        publisher: Where access events go.
        key: Of the pseudonyms.
        now: System clock.
    """

    engine: AsyncEngine
    publisher: Publishes
    key: bytes
    now: Callable[[], datetime]

    async def note(self, request: Request, told: NotDelivered) -> Noted:
        """Publish the reversal of what the question was answered with, if it was answered with anything.

        Raises:
            NotAcknowledged: the question is still being decided, or Kafka did not take the reversal: tried again.
        """
        kept = await decided.recall(self.engine, told.request)
        if kept is None and self.now() - told.given_up < PATIENCE:
            raise NotAcknowledged("the question that was not answered is still being decided")
        if kept is not None and kept.event is not None:
            event = AccessDecided.model_validate_json(kept.event.body)
            if answered(event) and self._own(event, request.actor_at(request.taken)):
                await self.publisher.publish(_reversal(kept.event, event, request.accepted))
        return Noted()

    def _own(self, event: AccessDecided, actor: Actor | None) -> bool:
        """Whether who asked is who is now told not to have been answered."""
        if actor is None or actor.organisation != event.organisation:
            return False
        worker = pseudonym(self.key, "worker", actor.identity_code) if actor.identity_code else None
        return (event.worker, event.system) == (worker, actor.system)


def _reversal(kept: Outgoing, event: AccessDecided, told_at: datetime) -> Outgoing:
    body = AccessReversed(
        of=kept.id, time=event.time, agreement=event.agreement, member=event.member, reason="not_delivered"
    )
    return Outgoing(
        *(kept.topic, kept.key, reversal_of(kept.id), AccessReversed.ce_type),
        *(SERVICE, told_at, body.model_dump_json().encode()),
    )
