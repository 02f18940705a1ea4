"""Registering a claim, and asking beforehand what that would give: the same rules on the same facts.

A registration is a command: it does not expire, and while a fact that decides about access is stale it waits in
the topic with its arrival time, instead of being refused for a fault that is not the sender's. A dry run is a question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.claims.asking import Ask, Asking
from services.claims.desks.foreseen import Foreseen, foresee
from services.claims.desks.receipts import Receipts, may_be_kept
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.lifecycle import Act, Party, move
from services.claims.domain.number import number_of
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.registration import Claim, Incomplete, register
from services.claims.domain.remarks import awaits
from services.claims.domain.rules import v18_access, v19_idempotency
from services.claims.domain.rules.order import KNOWN, STATED, first_refusal
from services.claims.events import Scribe, claim_id
from services.claims.store import registrations
from services.claims.store.claims import Step
from services.claims.store.registrations import Registration, Sent
from services.claims.told import TOO_LATE, Rebook, Serve, Stale, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Action, Outcome
from shared.contracts.asking import RegisterClaim, ValidateClaim
from shared.contracts.base import Pseudonym, Refusal
from shared.contracts.claims import ClaimState
from shared.contracts.requests import Actor
from shared.finnish.claim_matrix import Policy
from shared.gate.rules import actor_verified


@dataclass(frozen=True, slots=True)
class Tables:
    """What law and tables say."""

    policy: Policy
    shares: ProtectedShares


class Judging:
    """Judges a claim by every rule: what it says of itself first, and only then what is known of the client."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def barred(self, ask: Ask, sent: RegisterClaim) -> Refusal | None:
        """What the gate refuses, before anything is read."""
        return v18_access.refuse(self._facts(ask, sent))

    async def judge(
        self, tx: Tx, ask: Ask, actor: Actor, sent: RegisterClaim, foreseen: Foreseen
    ) -> tuple[Claim, bool] | Refusal:
        """The claim as it would be registered and whether it awaits a decision, or the first refusal."""
        stated = self._facts(ask, sent)
        refusal = first_refusal(stated, STATED)
        if refusal is not None:
            return refusal
        if ask.worker is None or ask.client is None:
            raise Incomplete("the rules let a claim pass without its worker or client")
        existing, told = await foreseen.known(tx, ask.client, sent.benefit)
        known = replace(stated, existing=existing, register=told)
        refusal = first_refusal(known, KNOWN)
        if refusal is not None:
            return refusal
        id_ = claim_id(actor.organisation, sent.idempotency_key)
        claim = register(
            known,
            id=id_,
            number=number_of(id_, known.arrived.year),
            arrived=ask.request.accepted,
            worker=ask.worker,
            client=ask.client,
        )
        return claim, awaits(known)

    def _facts(self, ask: Ask, sent: RegisterClaim) -> ClaimFacts:
        tables, arrived = self._tables, helsinki_date(ask.request.accepted)
        return ClaimFacts(sent, arrived, ask.access, tables.policy, tables.shares, ask.own)


class Registering:
    """The desk of registrations.

    Args:
        asking: The facts of the gate.
        judging: The rules.
        scribe: Makes events.
        receipts: Tells again what is known of a key.
        rebook: Writes the client's books anew.
    """

    def __init__(self, *, asking: Asking, judging: Judging, scribe: Scribe, receipts: Receipts, rebook: Rebook) -> None:
        self._asking = asking
        self._judging = judging
        self._scribe = scribe
        self._receipts = receipts
        self._rebook = rebook

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of a registration; raises `Stale` while one that decides about access is too old."""
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        return self._asking.registration(request, _sent(request), taken=taken, now=now)

    async def clients(self, _: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """The client on whom the claim is."""
        return () if ask.client is None else (ask.client,)

    async def serving(self, tx: Tx, asks: Sequence[Ask]) -> Serve:
        """Take the keys and read what is asked of the clients, for all that the gate lets pass.

        The gate speaks first: whom it refuses neither reads nor changes what is kept under a key of the organisation.
        """
        heard = {ask.request.id: self._hear(ask) for ask in asks}
        passed = [one for one in heard.values() if not isinstance(one, Told)]
        foreseen = await foresee(
            tx, [(one.ask, one.claim) for one in passed], [one.sent for one in passed if one.sent is not None]
        )

        async def serve(ask: Ask) -> Told:
            one = heard[ask.request.id]
            return one if isinstance(one, Told) else await self._registration(tx, one, foreseen)

        return serve

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Register a claim, or refuse it; repeated, give the receipt of the first time."""
        return await (await self.serving(tx, [ask]))(ask)

    def _hear(self, ask: Ask) -> "_Passed | Told":
        actor, claim = ask.actor, _sent(ask.request)
        if actor is None:
            return self._receipts.refused_access(ask, actor_verified.REFUSAL)
        barred = self._judging.barred(ask, claim)
        if barred is not None:
            return refused(self._scribe.refused(ask, actor, barred), barred)
        if not may_be_kept(claim):
            return _Passed(ask, actor, claim, None)
        key = (actor.organisation, claim.idempotency_key)
        return _Passed(ask, actor, claim, Sent(key, ask.request.id, self._asking.content(ask, claim)))

    async def _registration(self, tx: Tx, one: "_Passed", foreseen: Foreseen) -> Told:
        known = await self._known(tx, one.sent, foreseen)
        if known is None or one.sent is None or known.claim is None:
            return await self._decide(tx, one, foreseen)
        other = v19_idempotency.refuse(known.content, one.sent.content)
        if other is None:
            return await self._receipts.again(tx, known, one.ask)
        return refused(self._scribe.refused(one.ask, one.actor, other), other)

    async def _known(self, tx: Tx, sent: Sent | None, foreseen: Foreseen) -> Registration | None:
        if sent is None or foreseen.begins(sent.key):
            return None
        return await registrations.registration(tx.conn, sent.key)

    async def _decide(self, tx: Tx, one: "_Passed", foreseen: Foreseen) -> Told:
        outcome = await self._judging.judge(tx, one.ask, one.actor, one.claim, foreseen)
        if not isinstance(outcome, Refusal):
            return await self._register(tx, one, outcome[0], foreseen, waits=outcome[1])
        told = refused(self._scribe.refused(one.ask, one.actor, outcome), outcome)
        if one.sent is not None:
            await registrations.refuse(tx.conn, one.sent, outcome, told.events[0].id)
        return told

    async def _register(self, tx: Tx, one: "_Passed", claim: Claim, foreseen: Foreseen, *, waits: bool) -> Told:
        """Store the claim with its steps and what it changes in the books; a claim on an awaited benefit waits.

        Raises:
            Incomplete: the rules let a claim pass whose key may not be kept.
        """
        if one.sent is None:
            raise Incomplete("the rules let a claim pass without a key that may be kept")
        sealed = self._scribe.row(claim, one.ask, one.actor, one.claim)
        events = [self._scribe.registered(claim, one.ask, one.actor)]
        steps = [_step(claim, Act.REGISTER, Party.CLAIMANT)]
        if waits:
            claim = _awaiting(claim)
            steps.append(_step(claim, Act.AWAIT, Party.SYSTEM))
            events.append(self._scribe.changed(claim, Act.AWAIT, Party.SYSTEM, claim.arrived, client=one.ask.revealed))
        await registrations.register(await tx.raw(), one.sent, claim, sealed, steps, events[0].id)
        if claim.client not in foreseen.untouched:
            events += await self._rebook(tx, claim.client, "claim", claim.arrived)
        return Told(claim.receipt(one.ask.request.language), tuple(events))


@dataclass(frozen=True, slots=True)
class _Passed:
    """A registration that the gate lets pass; `sent` None when its key may not be kept."""

    ask: Ask
    actor: Actor
    claim: RegisterClaim
    sent: Sent | None


class DryRun:
    """The desk of dry runs: nothing is stored, and what is revealed of the client is an access event first.

    Args:
        asking: The facts of the gate.
        judging: The rules.
        scribe: Makes events.
        now: System clock.
    """

    def __init__(self, *, asking: Asking, judging: Judging, scribe: Scribe, now: Callable[[], datetime]) -> None:
        self._asking = asking
        self._judging = judging
        self._scribe = scribe
        self._now = now

    def prepare(self, request: Request, _taken: datetime, now: datetime) -> Ask:
        """The facts of a question about a claim: stale ones refuse it."""
        return self._asking.registration(request, _sent(request), taken=now, now=now)

    async def clients(self, _tx: Tx, _ask: Ask) -> tuple[Pseudonym, ...]:
        """None: it changes nothing."""
        return ()

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Tell what registering would give at this moment."""
        if ask.request.expired(self._now()):
            return Told(TOO_LATE, (self._scribe.access(ask, Outcome.ABORTED, action=Action.DRY_RUN),))
        actor, sent = ask.actor, _sent(ask.request)
        barred = actor_verified.REFUSAL if actor is None else self._judging.barred(ask, sent)
        outcome = (
            barred
            if barred is not None or actor is None
            else await self._judging.judge(tx, ask, actor, sent, Foreseen())
        )
        if isinstance(outcome, tuple):
            claim, _ = outcome
            event = self._scribe.access(ask, Outcome.GRANTED, action=Action.DRY_RUN)
            return Told(claim.validated(ask.request.language), (event,))
        refusal = outcome or actor_verified.REFUSAL
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal, action=Action.DRY_RUN), refusal)


def _sent(request: Request) -> RegisterClaim:
    match request.body:
        case RegisterClaim() as sent:
            return sent
        case ValidateClaim() as question:
            return question.claim
        case _:
            raise TypeError("this desk registers claims")


def _awaiting(claim: Claim) -> Claim:
    state = move(claim.state, Act.AWAIT, Party.SYSTEM)
    if not isinstance(state, ClaimState):
        raise Incomplete("a claim that was just registered can wait")
    return replace(claim, state=state, version=claim.version + 1)


def _step(claim: Claim, act: Act, party: Party) -> Step:
    worker = claim.worker if party is Party.CLAIMANT else None
    return Step(claim.version, act.value, claim.state, party.value, worker, claim.arrived, None)
