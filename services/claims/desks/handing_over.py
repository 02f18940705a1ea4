"""Siirto: the organisation's main user gives the open claims of a worker who leaves to another worker of the body.

The taker must hold a mandate for the municipality, today. Each claim gets a step with actor, time and reason. Nobody
is given a claim on themselves: it stays, and is told with those that were closed meanwhile or were not the giver's, so
that who is a client is told to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.claims.asking import Ask, Asking
from services.claims.bearing import Bearing, Scope
from services.claims.desks.stepping import Stepping
from services.claims.domain import act_refusals, work_refusals
from services.claims.domain.acts import act
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation, Stated
from services.claims.events import Scribe
from services.claims.store import claims, handovers, steps
from services.claims.store.handovers import Held
from services.claims.told import Stale, Told, refused
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import ClaimsHandedOver
from shared.contracts.asking import HandOverClaims
from shared.contracts.base import Pseudonym, Refusal
from shared.contracts.requests import Actor
from shared.gate.facts import Function
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified

AT_ONCE: Final = 100
"""Claims of one hand-over: all of their clients are locked together."""


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes the claims over, and whose they are until then."""

    giver: Pseudonym
    worker: Pseudonym
    code: str


class HandingOver:
    """The desk of hand-overs.

    Args:
        asking: The facts of the gate.
        scribe: Makes events.
        bearing: Whose claims are whose.
        stepping: Stores what became of a claim.
    """

    def __init__(self, *, asking: Asking, scribe: Scribe, bearing: Bearing, stepping: Stepping) -> None:
        self._asking = asking
        self._scribe = scribe
        self._bearing = bearing
        self._stepping = stepping

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of a hand-over; raises `Stale` while one that decides about access is too old."""
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        return self._asking.of(request, Function.HAND_OVER_CLAIMS, session=taken, now=now)

    async def clients(self, tx: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """The clients of the claims that may go over; nobody's for whom the gate refuses."""
        if ask.actor is None or decide(ask.access, ASKING) is not None:
            return ()
        return tuple(one.client for one in await self._found(tx, ask, ask.actor))

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Hand over, or say why not; repeated, answer as the first time."""
        actor, refusal = ask.actor, decide(ask.access, ASKING)
        if refusal is not None or actor is None:
            return self._refused(ask, refusal or actor_verified.REFUSAL)
        sent = _sent(ask.request)
        taker, content = self._taker(ask, actor, sent), self._asking.content(ask, sent)
        known = await steps.begin(tx.conn, actor.organisation, sent.idempotency_key, content)
        if known is not None:
            return self._again(ask, known, content)
        told = taker if isinstance(taker, Refusal) else await self._hand_over(tx, ask, actor, sent, taker)
        if isinstance(told, Refusal):
            await steps.forget(tx.conn, actor.organisation, sent.idempotency_key)
            return self._refused(ask, told)
        answer = told.answer.model_dump_json()
        await steps.finish(tx.conn, actor.organisation, sent.idempotency_key, None, answer)
        return told

    def _taker(self, ask: Ask, actor: Actor, sent: HandOverClaims) -> Taker | Refusal:
        giver, code = self._asking.colleague(sent.giver), self._asking.colleague(sent.taker)
        if giver is None:
            return work_refusals.HAND_OVER_GIVER
        if not sent.handler_name.strip() or not sent.handler_phone.strip():
            return work_refusals.HAND_OVER_NAME
        if not sent.reason.strip():
            return work_refusals.HAND_OVER_REASON
        if code is None:
            return work_refusals.HAND_OVER_TAKER
        worker = self._asking.as_worker(code.reveal())
        if not self._asking.may_take(worker, actor, helsinki_date(ask.request.accepted)):
            return work_refusals.HAND_OVER_TAKER
        return Taker(self._asking.as_worker(giver.reveal()), worker, code.reveal())

    async def _hand_over(self, tx: Tx, ask: Ask, actor: Actor, sent: HandOverClaims, taker: Taker) -> Told | Refusal:
        found = await self._found(tx, ask, actor)
        if {one.number for one in found} < set(sent.numbers):
            return act_refusals.UNKNOWN
        # One that came since the batch was locked is locked now; of two that meet in a circle the database ends one.
        await claims.lock_clients(tx.conn, [one.client for one in found])
        known = await claims.by_ids(tx.conn, [one.id for one in found])
        sealed = await handovers.sealed(tx.conn, [one.id for one in found])
        events: list[Outgoing] = []
        gone: list[str] = []
        for one in found:
            made = await self._one(tx, ask, sent, known[one.id], sealed[one.id], taker)
            events += made
            gone += [one.number] if made else []
        left = tuple(one.number for one in found if one.number not in gone)
        more = not sent.numbers and len(found) == AT_ONCE
        answer = ClaimsHandedOver(numbers=tuple(gone), left=left, more=more)
        outcome = Outcome.GRANTED if gone else Outcome.EMPTY
        return Told(answer, (self._scribe.access(ask, outcome), *events))

    async def _one(
        self, tx: Tx, ask: Ask, sent: HandOverClaims, claim: Claim, sealed: str, taker: Taker
    ) -> Sequence[Outgoing]:
        """The events of one claim that went over; none when it stays."""
        client = self._scribe.client(sealed, claim.id)
        if claim.worker != taker.giver or self._asking.as_worker(client) in {taker.worker, ask.worker}:
            return ()
        stated = Stated(reason=sent.reason.strip(), holder=taker.worker)
        at = Situation(by=Party.CLAIMANT, day=helsinki_date(ask.request.accepted))
        changed = act(claim, Act.HAND_OVER, stated, at)
        if isinstance(changed, Refusal):
            return ()
        events = await self._stepping.store(
            tx, changed, Act.HAND_OVER, at.by, ask.request.accepted, code=client, ask=ask, reason=stated.reason
        )
        name, phone = sent.handler_name.strip(), sent.handler_phone.strip()
        row = self._scribe.handed_over(sealed, claim.id, taker.code, name, phone)
        await handovers.reseal(tx.conn, claim.id, row)
        return events

    async def _found(self, tx: Tx, ask: Ask, actor: Actor) -> list[Held]:
        sent, scope = _sent(ask.request), self._scope(ask, actor)
        if sent.numbers:
            return await handovers.named(tx.conn, [one for one in sent.numbers if well_formed(one)], scope)
        giver = self._asking.colleague(sent.giver)
        if giver is None:
            return []
        return await handovers.held(tx.conn, self._asking.as_worker(giver.reveal()), scope, AT_ONCE)

    def _scope(self, ask: Ask, actor: Actor) -> Scope:
        return self._bearing.scope(actor.organisation, actor.member, helsinki_date(ask.request.accepted))

    def _again(self, ask: Ask, known: steps.Known, content: bytes) -> Told:
        if known.content != content or known.answer is None:
            return self._refused(ask, act_refusals.KEY_REUSED)
        answer = ClaimsHandedOver.model_validate_json(known.answer)
        return Told(answer, (self._scribe.access(ask, Outcome.GRANTED),))

    def _refused(self, ask: Ask, refusal: Refusal) -> Told:
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal), refusal)


def _sent(request: Request) -> HandOverClaims:
    if not isinstance(request.body, HandOverClaims):
        raise TypeError("this desk hands claims over")
    return request.body
