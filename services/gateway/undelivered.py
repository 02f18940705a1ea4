"""Questions whose answer reached nobody: the asked service is told, through the outbox, so that nothing is charged.

Nobody else knows: the key of the answer was made for the question, lived in this process, and is gone when the gateway
has stopped waiting. So what it tells stays true whatever arrives later (golden R9, ADR 0010).
"""

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from shared.bus import outbox
from shared.bus.client import Question
from shared.bus.messages import Outgoing
from shared.bus.topics import LOOKUP_REQUESTS
from shared.contracts.asking import NotDelivered
from shared.ids import event_id

REPLY_KEY_BYTES: Final = 32
BELIEVED: Final = LOOKUP_REQUESTS.retention or timedelta(days=7)
"""How long the telling is believed: as long as it may wait in the topic. It carries nothing but the question's id."""

Tell = Callable[[Question], Awaitable[None]]
"""Tells that a question was not answered."""


class Composes(Protocol):
    """Seals and signs a question (`shared.bus.client.BusClient`)."""

    def message(self, question: Question, reply_key: bytes, timeout: float) -> Outgoing:
        """The question as it is published."""
        ...


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Tells lookup."""

    bus: Composes
    engine: AsyncEngine
    now: Callable[[], datetime]
    """System clock."""
    log: BoundLogger

    async def tell(self, question: Question) -> None:
        """Keep for the outbox that a question was not answered. What cannot be kept is told to operators."""
        try:
            async with self.engine.begin() as conn:
                await outbox.write(conn, [self._message(question)])
        except Exception as error:  # noqa: BLE001 - the worker is told of the missing answer all the same
            self.log.warning("undelivered_not_told", request=str(question.id), reason=type(error).__name__)

    def _message(self, question: Question) -> Outgoing:
        return self.bus.message(telling(question, self.now()), os.urandom(REPLY_KEY_BYTES), 0)


def telling(question: Question, now: datetime) -> Question:
    """The command that tells of a question; in the question's own partition, so that it comes after it."""
    id_ = event_id("not-delivered", str(question.id))
    actor = question.actor.model_copy(update={"request": id_, "expires": question.actor.expires + BELIEVED})
    return replace(question, id=id_, actor=actor, body=NotDelivered(request=question.id, given_up=now), command=True)
