"""Requests to the claims service: decode, judge, store, answer. One function a kind of request.

A registration is a command: it does not expire, and while a fact that decides about access is stale it waits in
the topic with its arrival time, instead of being refused for a fault that is not the sender's.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.claims import store
from services.claims.asking import Ask, Asking
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.matrix import Policy
from services.claims.domain.registration import Claim, Incomplete, register
from services.claims.domain.rules import v19_idempotency
from services.claims.domain.rules.order import first_refusal
from services.claims.events import Scribe, claim_id
from services.claims.store import Registration
from shared.bus.messages import Delivered, Outgoing
from shared.bus.requests import Request, open_request
from shared.bus.sealing import KeyRing
from shared.bus.transaction import Refuse, Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.base import Contract, Refusal
from shared.contracts.requests import Actor, Answer, ClaimStatusQuery, Failed, Refused, RegisterClaim
from shared.finnish.identity_code import contains_identity_code
from shared.gate.order import decide
from shared.gate.rules import actor_verified

UNKNOWN_KEY = Failed(
    code="claims.unknown_key", reason="Nothing is known of a registration with this key yet.", retry=True
)
TOO_LATE = Failed(code="claims.deadline", reason="The question came too late to be worked on.", retry=True)

Reply = Callable[[Request, Answer], Awaitable[None]]
"""Sends an answer. One that is lost is asked for by idempotency key."""


class Stale(TimeoutError):
    """A fact of the gate is too old to decide on. Passes by itself: the consumer waits and tries again."""


class Handlers:
    """Everything that `claims.requests` may ask."""

    def __init__(
        self,
        *,
        ring: KeyRing,
        actor_key: Ed25519PublicKey,
        asking: Asking,
        policy: Policy,
        reply: Reply,
        now: Callable[[], datetime],
    ) -> None:
        self._ring = ring
        self._actor_key = actor_key
        self._asking = asking
        self._policy = policy
        self._reply = reply
        self._now = now
        self._scribe = Scribe(ring)

    async def on_requests(self, tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        """Work on requests in order, in one transaction; answers go out once it has committed.

        Raises:
            Stale: there is a registration, and a fact that decides about access is too old.
            Refuse: a request cannot be opened, or is none that this service answers.
        """
        asks = [self._opened(message) for message in batch]
        await store.lock_clients(tx.conn, [ask.client for ask in asks if ask.client is not None])
        for ask in asks:
            match ask.request.body:
                case RegisterClaim() as sent:
                    answer = await self.on_register(tx, ask, sent)
                case ClaimStatusQuery() as query:
                    answer = await self.on_status(tx, ask, query)
                case _:
                    raise Refuse("schema", "this service answers no such request")
            tx.after_commit(partial(self._reply, ask.request, answer))

    async def on_register(self, tx: Tx, ask: Ask, sent: RegisterClaim) -> Answer:
        """Register a claim, or refuse it; repeated, give the receipt of the first time."""
        actor, content = ask.actor, self._asking.content(ask, sent)
        if actor is None:
            return self._refused_access(tx, ask, actor_verified.REFUSAL)
        known = await self._begin(tx, ask, actor, sent, content)
        if known is not None and known.claim is not None:
            other = v19_idempotency.refuse(known.content, content)
            if other is None:
                return await self._answer_again(tx, known, ask.request)
            return self._told(tx, self._scribe.refused(ask, actor, other), ask, other)
        outcome = await self._judge(tx, ask, actor, sent)
        event = (
            self._scribe.refused(ask, actor, outcome)
            if isinstance(outcome, Refusal)
            else self._scribe.registered(outcome, ask, actor)
        )
        if _may_be_kept(sent):
            await store.finish_registration(
                tx.conn,
                actor.organisation,
                sent.idempotency_key,
                request=ask.request.id,
                content=content,
                event=event.id,
                outcome=outcome,
            )
        return self._told(tx, event, ask, outcome)

    async def on_status(self, tx: Tx, ask: Ask, query: ClaimStatusQuery) -> Answer:
        """Tell how a registration of the asker's own organisation went."""
        if ask.request.expired(self._now()):
            tx.publish(self._scribe.access(ask, Outcome.ABORTED))
            return TOO_LATE
        refusal = decide(ask.access)
        actor = ask.actor
        if refusal is not None or actor is None:
            return self._refused_access(tx, ask, refusal or actor_verified.REFUSAL)
        if "\0" in query.idempotency_key:
            return UNKNOWN_KEY
        known = await store.registration(tx.conn, actor.organisation, query.idempotency_key)
        return UNKNOWN_KEY if known is None else await self._answer_again(tx, known, ask.request)

    def _opened(self, message: Delivered[Contract]) -> Ask:
        request, now = open_request(message, self._ring, self._actor_key), self._now()
        if not isinstance(request.body, RegisterClaim):
            return self._asking.status(request, now=now)
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        taken = datetime.fromtimestamp(message.record.timestamp / 1000, UTC)
        return self._asking.registration(request, request.body, taken=taken, now=now)

    async def _begin(self, tx: Tx, ask: Ask, actor: Actor, sent: RegisterClaim, content: bytes) -> Registration | None:
        if not _may_be_kept(sent):
            return None
        return await store.begin_registration(
            tx.conn, actor.organisation, sent.idempotency_key, ask.request.id, content
        )

    async def _judge(self, tx: Tx, ask: Ask, actor: Actor, sent: RegisterClaim) -> Claim | Refusal:
        arrived = ask.request.accepted
        existing = () if ask.client is None else await store.existing(tx.conn, ask.client)
        facts = ClaimFacts(sent, helsinki_date(arrived), ask.access, self._policy, existing)
        refusal = first_refusal(facts)
        if refusal is not None:
            return refusal
        if ask.worker is None or ask.client is None:
            raise Incomplete("the rules let a claim pass without its worker or client")
        claim = register(
            facts,
            id=claim_id(actor.organisation, sent.idempotency_key),
            number=await store.next_number(tx.conn, facts.arrived.year),
            arrived=arrived,
            worker=ask.worker,
            client=ask.client,
        )
        await store.insert(tx.conn, claim, self._scribe.row(claim, ask, actor, sent))
        return claim

    async def _answer_again(self, tx: Tx, known: Registration, request: Request) -> Answer:
        if known.refusal is not None:
            return Refused(refusal=known.refusal, event=known.event)
        claim = None if known.claim is None else await store.by_id(tx.conn, known.claim)
        return UNKNOWN_KEY if claim is None else claim.receipt(request.language)

    def _refused_access(self, tx: Tx, ask: Ask, refusal: Refusal) -> Answer:
        event = self._scribe.access(ask, Outcome.REFUSED, refusal)
        return self._told(tx, event, ask, refusal)

    def _told(self, tx: Tx, event: Outgoing, ask: Ask, outcome: Claim | Refusal) -> Answer:
        tx.publish(event)
        if isinstance(outcome, Refusal):
            return Refused(refusal=outcome, event=event.id)
        return outcome.receipt(ask.request.language)


def _may_be_kept(sent: RegisterClaim) -> bool:
    """Whether the idempotency key may be stored: one that holds an identity code is refused and forgotten."""
    return not contains_identity_code(sent.idempotency_key)
