"""Telling the log of one attempt: kept by request id, published, acknowledged by every in-sync replica."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.domain.access import SERVICE, Attempt, Result, clear_part, key_of, override_of, personal_part
from services.lookup.store import decided
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_ALERTS, ACCESS_EVENTS
from shared.contracts.access import AccessDecided
from shared.ids import event_id

SALT_BYTES: Final = 16


class Publishes(Protocol):
    """Publishes and waits for the acknowledgement of all in-sync replicas."""

    async def publish(self, message: Outgoing) -> None:
        """Publish one message.

        Raises:
            NotAcknowledged: Kafka did not confirm it in time.
        """


@dataclass(frozen=True, slots=True)
class Repeat:
    """The request had been decided before.

    Attributes:
        event: What the log knows of it; None when that is not known here any more.
    """

    event: AccessDecided | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells the log.

    Attributes:
        engine: Lookup's database.
        publisher: Where access events go.
        ring: Sealing keys.
    """

    engine: AsyncEngine
    publisher: Publishes
    ring: KeyRing

    async def tell(self, attempt: Attempt, result: Result) -> Repeat | None:
        """Keep the event, publish it and wait for the acknowledgement.

        An emergency override is told to the log supervisor in the same breath, before any data leaves.

        Returns:
            None when this attempt was told. Else the request had been decided before: its kept event was published
            again, byte for byte, or stands on Kafka for so long that it is not kept any more.

        Raises:
            NotAcknowledged: the log could not be told.
        """
        event = self.event(attempt, result)
        kept = await decided.remember(self.engine, attempt.request, event, attempt.pseudonym)
        told = event if kept is None else kept.event
        if told is None:
            return Repeat(None)
        if kept is not None or result.emergency:
            for message in _alerts(told):
                await self.publisher.publish(message)
        await self.publisher.publish(told)
        return None if kept is None else Repeat(AccessDecided.model_validate_json(told.body))

    def event(self, attempt: Attempt, result: Result) -> Outgoing:
        """The event as it would be published: a desk that changes something keeps it together with its change."""
        id_ = event_of(attempt.request)
        plain = personal_part(attempt, result, os.urandom(SALT_BYTES).hex()).model_dump_json().encode()
        sealed = self.ring.seal("access", plain, id=id_, type=AccessDecided.ce_type)
        body = clear_part(attempt, result, commitment=commit(plain), personal=sealed)
        return Outgoing.of(ACCESS_EVENTS, key_of(attempt), id_, body, source=SERVICE, time=attempt.time)


def _alerts(told: Outgoing) -> Sequence[Outgoing]:
    """What else is told because of an event: an override of which it speaks, also when it had been kept before."""
    event = AccessDecided.model_validate_json(told.body)
    body = override_of(event, told.id)
    if body is None:
        return ()
    id_ = event_id("override", str(event.request))
    return (Outgoing.of(ACCESS_ALERTS, body.organisation, id_, body, source=SERVICE, time=event.time),)


def event_of(request: UUID) -> UUID:
    """Id of the access event of a request."""
    return event_id("access", str(request))
