"""Telling the log of a looking into the log: kept by request id, published, acknowledged by every in-sync replica."""

import os
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit.asking import Attempt
from services.audit.store import telling
from services.audit.store.telling import SERVICE
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.base import Channel, Refusal
from shared.database.engine import driver
from shared.ids import event_id

NOBODY: Final = "nobody"
"""Key of events of which no organisation is known, or that belong to none."""
LAW: Final = "L 159/2007 18 §"
"""On which a person's right to the log rests, where no rule refused."""
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of it.

    Attributes:
        outcome: What came of it.
        action: What was attempted.
        refusal: Why not.
        client: Identity code of the one person whom it is about, when it is about one.
        clients: Identity codes of all persons whose entries are shown with what is sealed in them.
        subject: What was asked for, in words that identify nobody's client.
        reason: Why, as whoever asks stated it.
    """

    outcome: Outcome
    action: Action
    refusal: Refusal | None = None
    client: str | None = None
    clients: tuple[str, ...] = ()
    subject: str | None = None
    reason: str | None = None


class Publishes(Protocol):
    """Publishes and waits for the acknowledgement of all in-sync replicas."""

    async def publish(self, message: Outgoing) -> None:
        """Publish one message.

        Raises:
            NotAcknowledged: Kafka did not confirm it in time.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """Tells the log.

    Attributes:
        engine: Audit's database.
        publisher: Where access events go.
        ring: Sealing keys.
    """

    engine: AsyncEngine
    publisher: Publishes
    ring: KeyRing

    async def tell(self, attempt: Attempt, result: Result) -> bool:
        """Keep the event, publish it and wait for the acknowledgement.

        Returns:
            Whether this was told now. False: the request had been decided before, and its event was published once
            more, byte for byte: nothing may be shown on it.

        Raises:
            NotAcknowledged: the log could not be told.
        """
        event = self._event(attempt, result)
        async with driver(self.engine) as conn:
            before = await telling.remember(conn, attempt.request.id, event)
        await self.publisher.publish(before or event)
        return before is None

    def _event(self, attempt: Attempt, result: Result) -> Outgoing:
        id_, actor, refusal = event_of(attempt.request.id), attempt.actor, result.refusal
        staff = None if attempt.oneself else actor
        plain = AccessPersonal(
            salt=os.urandom(_SALT_BYTES).hex(),
            client=result.client,
            worker=staff.identity_code if staff else None,
            worker_name=staff.name if staff else None,
            clients=result.clients,
            reason=result.reason,
        )
        content = plain.model_dump_json().encode()
        body = AccessDecided(
            request=attempt.request.id,
            time=attempt.time,
            outcome=result.outcome,
            rule=refusal.rule if refusal else None,
            law=refusal.law if refusal else LAW if attempt.oneself else None,
            channel=actor.channel if actor else Channel.INTERFACE,
            service=SERVICE,
            organisation=staff.organisation if staff else None,
            member=staff.member if staff else None,
            worker=attempt.worker,
            action=result.action,
            subject=result.subject,
            persons=max(len(result.clients), 1),
            commitment=commit(content),
            personal=self.ring.seal("access", content, id=id_, type=AccessDecided.ce_type),
        )
        key = staff.organisation if staff else NOBODY
        return Outgoing.of(ACCESS_EVENTS, key, id_, body, source=SERVICE, time=attempt.time)


def event_of(request: UUID) -> UUID:
    """Id of the access event of a request."""
    return event_id("access", str(request))
