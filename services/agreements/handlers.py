"""What can be asked of the service: to take changes in, to find records, and to note that a worker signed in.

A command does not age while it waits in the topic: the session and the actor's expiry are judged at the moment when
Kafka took it. A question past its deadline is answered as too late.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.agreements import store
from services.agreements.asking import Asking
from services.agreements.changing import change as change_records
from services.agreements.domain.authors import Author
from services.agreements.domain.changes import Outcome, judge_all
from services.agreements.domain.idle import sign_in
from services.agreements.domain.records import Record
from services.agreements.finding import find
from services.agreements.idling import ACTOR, REASON
from shared.bus.messages import Delivered
from shared.bus.requests import Request, open_request
from shared.bus.sealing import KeyRing
from shared.bus.transaction import Refuse, Tx
from shared.clock.civil import helsinki_date
from shared.contracts.answers import Answer, ChangesDone, Failed, Refused
from shared.contracts.asking import ChangeRecords, RecordsQuery, UserSeen
from shared.contracts.base import Contract, Refusal
from shared.database.errors import classify
from shared.gate.facts import Function
from shared.gate.rules import user_active

TOO_LATE: Final = Failed(code="agreements.deadline", reason="The question came too late to be worked on.", retry=True)
UNANSWERED: Final = Failed(code="agreements.query", reason="The question could not be answered.", retry=False)
Reply = Callable[[Request, Answer], Awaitable[None]]


async def take_in(engine: AsyncEngine, records: Sequence[Record], change: store.Change) -> Outcome:
    """Judge proposed versions in order and store them with their events, unless any is refused.

    A version that is there already changes nothing, so the same list may be sent again at any time. What operators
    load is entered from signed papers.

    Returns:
        What became of each; when something is refused, nothing at all was stored.
    """
    day = helsinki_date(change.at)
    async with store.writing(engine) as conn:
        outcome = judge_all(await store.load_state(conn), records, Author(change.actor, paper=True), today=day)
        if not outcome.refused:
            await store.append(conn, outcome.accepted, change)
        return outcome


class Handlers:
    """Everything that `agreements.requests` may ask.

    Args:
        ring: Opens what is sealed for this service.
        actor_key: The gateway's public key.
        asking: Finds out who asks.
        reply: Sends an answer, once what it tells is committed. One that is lost is asked for again by the same key.
        now: System clock.
        log: Told of questions that nobody could answer.
    """

    def __init__(
        self,
        *,
        ring: KeyRing,
        actor_key: Ed25519PublicKey,
        asking: Asking,
        reply: Reply,
        now: Callable[[], datetime],
        log: BoundLogger,
    ) -> None:
        self._ring = ring
        self._actor_key = actor_key
        self._asking = asking
        self._reply = reply
        self._now = now
        self._log = log

    async def on_requests(self, tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        """Work on requests in order, in one transaction, alone; answers go out once it is committed.

        Raises:
            Refuse: A request cannot be opened, or is none that this service answers.
        """
        opened = [open_request(message, self._ring, self._actor_key) for message in batch]
        await store.lock(tx.conn)
        for request in opened:
            answer = await self._answer(tx.conn, request)
            tx.after_commit(partial(self._reply, request, answer))

    async def on_change(self, conn: AsyncConnection, request: Request, sent: ChangeRecords) -> Answer:
        """Change records, all of them or none."""
        asker = await self._asking.records(conn, request, Function.CHANGE_RECORDS, request.taken)
        if isinstance(asker, Refusal):
            return Refused(refusal=asker)
        return await change_records(conn, request, asker, sent, self._asking.content(asker, sent))

    async def on_query(self, conn: AsyncConnection, request: Request, query: RecordsQuery) -> Answer:
        """Find records.

        A question that cannot be answered is told so. It is never set aside: it changes nothing, so there is nothing
        to take up again, and whoever asks must not be able to stop the consumer.
        """
        try:
            async with conn.begin_nested():
                return await self._find(conn, request, query)
        except Exception as error:
            if classify(error) == "transient":
                raise
            self._log.error("query_failed", request=str(request.id), error=type(error).__name__)
            return UNANSWERED

    async def _find(self, conn: AsyncConnection, request: Request, query: RecordsQuery) -> Answer:
        now = self._now()
        if request.expired(now):
            return TOO_LATE
        asker = await self._asking.records(conn, request, Function.VIEW_RECORDS, now)
        if isinstance(asker, Refusal):
            return Refused(refusal=asker)
        return await find(conn, asker.scope, query, helsinki_date(request.accepted))

    async def on_seen(self, conn: AsyncConnection, request: Request) -> Answer:
        """Note that the worker signed in today, or lock an account that was idle for too long."""
        asker = await self._asking.sign_in(conn, request, request.taken)
        if isinstance(asker, Refusal):
            return Refused(refusal=asker)
        day, organisation, worker = helsinki_date(request.accepted), asker.organisation, asker.worker
        user = await store.account(conn, organisation, worker)
        last = await store.last_seen(conn, organisation, worker)
        came = sign_in(user, last, organisation=organisation, worker=worker, day=day)
        if came.change is not None:
            reason = "first sign-in" if came.change.status == "active" else REASON
            await store.append(conn, [came.change], store.Change(ACTOR, reason, request.accepted))
        if not came.noted:
            return Refused(refusal=user_active.IDLE if came.account.why == "idle" else user_active.LOCKED)
        await store.note_seen(conn, organisation, worker, day)
        changed = came.change is not None
        return ChangesDone(changed=int(changed), unchanged=int(not changed))

    async def _answer(self, conn: AsyncConnection, request: Request) -> Answer:
        match request.body:
            case ChangeRecords() as sent:
                return await self.on_change(conn, request, sent)
            case RecordsQuery() as query:
                return await self.on_query(conn, request, query)
            case UserSeen():
                return await self.on_seen(conn, request)
            case _:
                raise Refuse("schema", "this service answers no such request")
