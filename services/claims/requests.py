"""The one way for everything that is asked of the service: decode, lock, let its desk serve it, tell, answer.

Every answer comes with the events that tell of it, and goes out when Kafka has acknowledged them: what cannot be
logged is not told (invariant 1). A question that cannot be answered is told so and logged as failed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from structlog.stdlib import BoundLogger

from services.claims.asking import Ask
from services.claims.events import Scribe
from services.claims.store import claims, counts, dry_runs
from services.claims.told import Counting, Desk, Gathering, Serve, Told
from shared.bus.messages import Delivered, Outgoing
from shared.bus.requests import Request, open_request
from shared.bus.sealing import KeyRing
from shared.bus.transaction import Refuse, Tx
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Answer, Failed
from shared.contracts.asking import ClaimQuery, ClaimsQuery, ClaimStatusQuery, SettlementsQuery, ValidateClaim
from shared.contracts.base import Contract
from shared.database.errors import classify

QUESTIONS: Final = (ClaimQuery, ClaimsQuery, ClaimStatusQuery, SettlementsQuery, ValidateClaim)
"""What changes nothing."""
UNANSWERED: Final = Failed(code="claims.question", reason="The question could not be answered.", retry=False)

Reply = Callable[[Request, Answer], Awaitable[None]]
"""Sends an answer. One that is lost is asked for by idempotency key."""
Publish = Callable[[Sequence[Outgoing]], Awaitable[None]]
"""Publishes events and returns once Kafka has acknowledged every one; raises `NotAcknowledged`."""


class Requests:
    """Everything that `claims.requests` may ask.

    Args:
        ring: The sealing keys.
        actor_key: With which the gateway signs who asks.
        desks: Who serves which body.
        scribe: Makes events.
        publish: Publishes events, acknowledged.
        reply: Sends an answer.
        now: System clock.
        log: Told of questions that nobody could answer.
    """

    def __init__(
        self,
        *,
        ring: KeyRing,
        actor_key: Ed25519PublicKey,
        desks: Mapping[type[Contract], Desk],
        scribe: Scribe,
        publish: Publish,
        reply: Reply,
        now: Callable[[], datetime],
        log: BoundLogger,
    ) -> None:
        self._ring = ring
        self._actor_key = actor_key
        self._desks = desks
        self._scribe = scribe
        self._publish = publish
        self._reply = reply
        self._now = now
        self._log = log

    async def on_requests(self, tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        """Work on requests in order, in one transaction; answers go out once it is committed and logged.

        Raises:
            Stale: there is a command, and a fact that decides about access is too old.
            Refuse: a request cannot be opened, or is none that this service answers.
        """
        asked = [self._opened(message) for message in batch]
        concerned = [client for desk, ask in asked for client in await desk.clients(tx, ask)]
        await claims.lock_clients(tx.conn, concerned)
        counted = [desk.counts(ask) for desk, ask in asked if isinstance(desk, Counting)]
        await dry_runs.hold(tx.conn, [count for count in counted if count is not None])
        told: list[tuple[Request, Told]] = []
        for desk, run in groupby(asked, itemgetter(0)):
            asks = [ask for _, ask in run]
            serve = await desk.serving(tx, asks) if isinstance(desk, Gathering) else partial(desk.serve, tx)
            told += [(ask.request, await self._serve(tx, serve, ask)) for ask in asks]
        events = [event for _, one in told for event in one.events]
        await counts.keep(await tx.raw(), events)
        for event in events:
            tx.publish(event)
        tx.after_commit(partial(self._tell, told))

    async def _serve(self, tx: Tx, serve: Serve, ask: Ask) -> Told:
        """Let the desk serve it.

        A question is never set aside: it changes nothing, so there is nothing to take up again, and whoever asks must
        not be able to stop the consumer. A command that fails is, so that it is not lost.
        """
        if not isinstance(ask.request.body, QUESTIONS):
            return await serve(ask)
        try:
            async with tx.conn.begin_nested():
                return await serve(ask)
        except Exception as error:
            if classify(error) == "transient":
                raise
            self._log.error("question_failed", request=str(ask.request.id), error=type(error).__name__)
        action = Action.DRY_RUN if isinstance(ask.request.body, ValidateClaim) else Action.LOOK_UP
        return Told(UNANSWERED, (self._scribe.access(ask, Outcome.FAILED, action=action),))

    async def _tell(self, told: Sequence[tuple[Request, Told]]) -> None:
        """Log, then answer. The outbox publishes the same events once more, with the same ids and bytes.

        Raises:
            NotAcknowledged: nobody is answered, and the consumer loop says so in its log. The asker asks again by key.
        """
        await self._publish([event for _, one in told for event in one.events])
        # Side by side: each reply waits for its own acknowledgement, and nobody's answer hangs on another's.
        await asyncio.gather(*(self._reply(request, one.answer) for request, one in told))

    def _opened(self, message: Delivered[Contract]) -> tuple[Desk, Ask]:
        request = open_request(message, self._ring, self._actor_key)
        desk = self._desks.get(type(request.body))
        if desk is None:
            raise Refuse("schema", "this service answers no such request")
        return desk, desk.prepare(request, datetime.fromtimestamp(message.record.timestamp / 1000, UTC), self._now())
