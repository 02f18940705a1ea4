"""Requests to the claims service: decode, judge, store, answer. One function a kind of request.

A registration is a command: it does not expire, and while a fact that decides about access is stale it waits in
the topic with its arrival time, instead of being refused for a fault that is not the sender's.

Every answer comes with the event that tells of it, and goes out when Kafka has acknowledged the event: what cannot be
logged is not told (invariant 1).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from services.claims.asking import Ask, Asking
from services.claims.domain.facts import ClaimFacts, ExistingClaim
from services.claims.domain.matrix import Policy
from services.claims.domain.number import number_of
from services.claims.domain.registration import Claim, Incomplete, register
from services.claims.domain.rules import v18_access, v19_idempotency
from services.claims.domain.rules.order import first_refusal
from services.claims.events import Scribe, claim_id
from services.claims.store import claims, registrations
from services.claims.store.registrations import Registration
from shared.bus.messages import Delivered, Outgoing
from shared.bus.requests import Request, open_request
from shared.bus.sealing import KeyRing
from shared.bus.transaction import Refuse, Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.asking import ClaimStatusQuery, RegisterClaim
from shared.contracts.base import Contract, Refusal
from shared.contracts.requests import Actor
from shared.finnish.identity_code import contains_identity_code
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified

UNKNOWN_KEY = Failed(
    code="claims.unknown_key", reason="Nothing is known of a registration with this key yet.", retry=True
)
TOO_LATE = Failed(code="claims.deadline", reason="The question came too late to be worked on.", retry=True)

Reply = Callable[[Request, Answer], Awaitable[None]]
"""Sends an answer. One that is lost is asked for by idempotency key."""
Publish = Callable[[Sequence[Outgoing]], Awaitable[None]]
"""Publishes events and returns once Kafka has acknowledged every one; raises `NotAcknowledged`."""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a request: the answer, and the event without which it is not given."""

    answer: Answer
    event: Outgoing


class Stale(TimeoutError):
    """A fact of the gate is too old to decide on. Passes by itself: the consumer waits and tries again."""


class Handlers:
    """Everything that `claims.requests` may ask."""

    def __init__(
        self,
        *,
        ring: KeyRing,
        scribe: Scribe,
        actor_key: Ed25519PublicKey,
        asking: Asking,
        policy: Policy,
        publish: Publish,
        reply: Reply,
        now: Callable[[], datetime],
    ) -> None:
        self._ring = ring
        self._actor_key = actor_key
        self._asking = asking
        self._policy = policy
        self._publish = publish
        self._reply = reply
        self._now = now
        self._scribe = scribe

    async def on_requests(self, tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        """Work on requests in order, in one transaction; answers go out once it is committed and logged.

        Raises:
            Stale: there is a registration, and a fact that decides about access is too old.
            Refuse: a request cannot be opened, or is none that this service answers.
        """
        asks = [self._opened(message) for message in batch]
        await claims.lock_clients(tx.conn, [ask.client for ask in asks if ask.client is not None])
        told = [(ask.request, await self._work(tx, ask)) for ask in asks]
        for _, one in told:
            tx.publish(one.event)
        tx.after_commit(partial(self._tell, told))

    async def on_register(self, tx: Tx, ask: Ask, sent: RegisterClaim) -> Told:
        """Register a claim, or refuse it; repeated, give the receipt of the first time.

        The gate speaks first: whom it refuses neither reads nor changes what is kept under a key of the organisation.
        """
        actor, content = ask.actor, self._asking.content(ask, sent)
        if actor is None:
            return self._refused_access(ask, actor_verified.REFUSAL)
        barred = v18_access.refuse(self._facts(ask, sent))
        if barred is not None:
            return _refused(self._scribe.refused(ask, actor, barred), barred)
        known = await self._begin(tx, ask, actor, sent, content)
        if known is not None and known.claim is not None:
            other = v19_idempotency.refuse(known.content, content)
            if other is None:
                return await self._answer_again(tx, known, ask)
            return _refused(self._scribe.refused(ask, actor, other), other)
        outcome = await self._judge(tx, ask, actor, sent)
        if isinstance(outcome, Refusal):
            told = _refused(self._scribe.refused(ask, actor, outcome), outcome)
        else:
            told = Told(outcome.receipt(ask.request.language), self._scribe.registered(outcome, ask, actor))
        if _may_be_kept(sent):
            await registrations.finish_registration(
                tx.conn,
                actor.organisation,
                sent.idempotency_key,
                request=ask.request.id,
                content=content,
                event=told.event.id,
                outcome=outcome,
            )
        return told

    async def on_status(self, tx: Tx, ask: Ask, query: ClaimStatusQuery) -> Told:
        """Tell how a registration of the asker's own organisation went."""
        if ask.request.expired(self._now()):
            return Told(TOO_LATE, self._scribe.access(ask, Outcome.ABORTED))
        refusal = decide(ask.access, ASKING)
        actor = ask.actor
        if refusal is not None or actor is None:
            return self._refused_access(ask, refusal or actor_verified.REFUSAL)
        if "\0" in query.idempotency_key:
            return self._nothing_known(ask)
        known = await registrations.registration(tx.conn, actor.organisation, query.idempotency_key)
        return self._nothing_known(ask) if known is None else await self._answer_again(tx, known, ask)

    async def _work(self, tx: Tx, ask: Ask) -> Told:
        match ask.request.body:
            case RegisterClaim() as sent:
                return await self.on_register(tx, ask, sent)
            case ClaimStatusQuery() as query:
                return await self.on_status(tx, ask, query)
            case _:
                raise Refuse("schema", "this service answers no such request")

    async def _tell(self, told: Sequence[tuple[Request, Told]]) -> None:
        """Log, then answer. The outbox publishes the same events once more, with the same ids and bytes.

        Raises:
            NotAcknowledged: nobody is answered, and the consumer loop says so in its log. The asker asks again by key.
        """
        await self._publish([one.event for _, one in told])
        for request, one in told:
            await self._reply(request, one.answer)

    def _facts(self, ask: Ask, sent: RegisterClaim, existing: Sequence[ExistingClaim] = ()) -> ClaimFacts:
        return ClaimFacts(sent, helsinki_date(ask.request.accepted), ask.access, self._policy, ask.own, tuple(existing))

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
        return await registrations.begin_registration(
            tx.conn, actor.organisation, sent.idempotency_key, ask.request.id, content
        )

    async def _judge(self, tx: Tx, ask: Ask, actor: Actor, sent: RegisterClaim) -> Claim | Refusal:
        existing = () if ask.client is None else await claims.existing(tx.conn, ask.client)
        facts = self._facts(ask, sent, existing)
        refusal = first_refusal(facts)
        if refusal is not None:
            return refusal
        if ask.worker is None or ask.client is None:
            raise Incomplete("the rules let a claim pass without its worker or client")
        id_ = claim_id(actor.organisation, sent.idempotency_key)
        claim = register(
            facts,
            id=id_,
            number=number_of(id_, facts.arrived.year),
            arrived=ask.request.accepted,
            worker=ask.worker,
            client=ask.client,
        )
        await claims.insert(tx.conn, claim, self._scribe.row(claim, ask, actor, sent))
        return claim

    async def _answer_again(self, tx: Tx, known: Registration, ask: Ask) -> Told:
        """Tell what is known already; that somebody looked is an event of its own."""
        if known.refusal is not None:
            return Told(Refused(refusal=known.refusal, event=known.event), self._scribe.access(ask, Outcome.GRANTED))
        claim = None if known.claim is None else await claims.by_id(tx.conn, known.claim)
        if claim is None:
            return self._nothing_known(ask)
        client = self._scribe.client(await claims.sealed_row(tx.conn, claim.id), claim.id)
        event = self._scribe.access(ask, Outcome.GRANTED, claim=claim.id, client=client)
        return Told(claim.receipt(ask.request.language), event)

    def _nothing_known(self, ask: Ask) -> Told:
        return Told(UNKNOWN_KEY, self._scribe.access(ask, Outcome.EMPTY))

    def _refused_access(self, ask: Ask, refusal: Refusal) -> Told:
        return _refused(self._scribe.access(ask, Outcome.REFUSED, refusal), refusal)


def _refused(event: Outgoing, refusal: Refusal) -> Told:
    return Told(Refused(refusal=refusal, event=event.id), event)


def _may_be_kept(sent: RegisterClaim) -> bool:
    """Whether the idempotency key may be stored: one that holds an identity code is refused and forgotten."""
    return not contains_identity_code(sent.idempotency_key)
