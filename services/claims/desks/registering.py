"""Registering a claim; what that would give is asked by the same rules on the same facts (`dry_running.py`).

A registration is a command: it does not expire, and while a fact that decides about access is stale it waits in
the topic with its arrival time, instead of being refused for a fault that is not the sender's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.claims.asking import Ask, Asking
from services.claims.desks.bounded import counted
from services.claims.desks.foreseen import Foreseen, foresee
from services.claims.desks.receipts import Receipts, may_be_kept
from services.claims.domain.dry_runs import Thresholds
from services.claims.domain.facts import ClaimFacts
from services.claims.domain.lifecycle import Act, Party, move
from services.claims.domain.number import number_of
from services.claims.domain.protected_share import ProtectedShares
from services.claims.domain.registration import Claim, Incomplete, register
from services.claims.domain.remarks import awaits
from services.claims.domain.rules import v18_access, v19_idempotency
from services.claims.domain.rules.order import KNOWN, STATED, first_refusal
from services.claims.events import Scribe, claim_id
from services.claims.store import dry_runs, registrations
from services.claims.store.claims import Step
from services.claims.store.dry_runs import Count
from services.claims.store.registrations import Registration, Sent
from services.claims.told import Rebook, Serve, Stale, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
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

    def stated(self, ask: Ask, sent: RegisterClaim) -> Refusal | None:
        """What the claim's own words refuse it by, before anything of the client is looked at."""
        return first_refusal(self._facts(ask, sent), STATED)

    async def judge(
        self, tx: Tx, ask: Ask, actor: Actor, sent: RegisterClaim, foreseen: Foreseen
    ) -> tuple[Claim, bool] | Refusal:
        """The claim as it would be registered and whether it awaits a decision, or what is known refuses it by.

        Ask once its own words do not refuse it.
        """
        stated = self._facts(ask, sent)
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
        thresholds: How many of a worker's registrations of a day may be refused for what is known of clients.
    """

    def __init__(
        self,
        *,
        asking: Asking,
        judging: Judging,
        scribe: Scribe,
        receipts: Receipts,
        rebook: Rebook,
        thresholds: Thresholds,
    ) -> None:
        self._asking = asking
        self._judging = judging
        self._scribe = scribe
        self._receipts = receipts
        self._rebook = rebook
        self._thresholds = thresholds

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of a registration; raises `Stale` while one that decides about access is too old."""
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        return self._asking.registration(request, sent_in(request), taken=taken, now=now)

    async def clients(self, _: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """The client on whom the claim is."""
        return () if ask.client is None else (ask.client,)

    def counts(self, ask: Ask) -> Count | None:
        """Under which count a refusal goes."""
        return counted(ask)

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
        actor, claim = ask.actor, sent_in(ask.request)
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
            return await self._receipts.again(tx, known, one.ask, one.actor)
        return refused(self._scribe.refused(one.ask, one.actor, other), other)

    async def _known(self, tx: Tx, sent: Sent | None, foreseen: Foreseen) -> Registration | None:
        if sent is None or foreseen.begins(sent.key):
            return None
        return await registrations.registration(tx.conn, sent.key)

    async def _decide(self, tx: Tx, one: "_Passed", foreseen: Foreseen) -> Told:
        outcome = self._judging.stated(one.ask, one.claim) or await self._known_of(tx, one, foreseen)
        if not isinstance(outcome, Refusal):
            return await self._register(tx, one, outcome[0], foreseen, waits=outcome[1])
        told = refused(self._scribe.refused(one.ask, one.actor, outcome), outcome)
        if one.sent is not None:
            await registrations.refuse(tx.conn, one.sent, outcome, told.events[0].id)
        return told

    async def _known_of(self, tx: Tx, one: "_Passed", foreseen: Foreseen) -> tuple[Claim, bool] | Refusal:
        """What is known of the client says; past the day's threshold nobody is told: refusals would be dry runs."""
        count = counted(one.ask)
        if count is None:
            raise Incomplete("the gate let a registration pass without its worker")
        barred = self._thresholds.bar(foreseen.refused.get(count, 0), count[1])
        if barred is not None:
            return barred
        outcome = await self._judging.judge(tx, one.ask, one.actor, one.claim, foreseen)
        if isinstance(outcome, Refusal):
            await dry_runs.count_refused(tx.conn, count)
            foreseen.refused[count] = foreseen.refused.get(count, 0) + 1
        return outcome

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


def sent_in(request: Request) -> RegisterClaim:
    """The claim that is to be registered, or asked about."""
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
