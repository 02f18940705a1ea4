"""Acts on a claim: the municipality's, and those of Kela's handler. One transaction holds all that comes of one.

A command does not expire, and waits while a fact that decides about access is stale. The act, its step, its event, what
it changes in the client's books and the answer to its key are stored together, under the client's lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.claims.allocating import Bookkeeper
from services.claims.asking import Ask, Asking
from services.claims.bearing import Bearing
from services.claims.data_files import policy, protected_shares
from services.claims.desks.stepping import Stepping
from services.claims.domain import act_refusals as refusals
from services.claims.domain import returning, widening
from services.claims.domain.acts import act, stated_in
from services.claims.domain.booking import next_unpaid
from services.claims.domain.changing import unlawful
from services.claims.domain.facts import ExistingClaim
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.number import well_formed
from services.claims.domain.registration import Claim
from services.claims.domain.stated import Situation
from services.claims.events import Scribe
from services.claims.store import claims, lists, returns, steps
from services.claims.told import Stale, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import ClaimDone
from shared.contracts.asking import ClaimCommand
from shared.contracts.base import Pseudonym, Refusal
from shared.contracts.requests import Actor
from shared.gate.facts import Function
from shared.gate.mandates import KELA
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified


@dataclass(frozen=True, slots=True)
class Meant:
    """The claim that a command names, for somebody who may see it; `code` is its client's identity code."""

    claim: Claim
    code: str


class Acting:
    """The desk of acts.

    Args:
        asking: The facts of the gate.
        scribe: Makes events.
        bearing: Whose claims are whose.
        keeper: Keeps the books.
        stepping: Stores what became of a claim.
    """

    def __init__(
        self, *, asking: Asking, scribe: Scribe, bearing: Bearing, keeper: Bookkeeper, stepping: Stepping
    ) -> None:
        self._asking = asking
        self._scribe = scribe
        self._bearing = bearing
        self._keeper = keeper
        self._stepping = stepping

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of an act; raises `Stale` while one that decides about access is too old."""
        stale = self._asking.stale(now)
        if stale is not None:
            raise Stale(stale)
        function = Function.HANDLE_CLAIMS if at_kela(request.actor) else Function.ACT_ON_CLAIM
        return self._asking.of(request, function, session=taken, now=now)

    async def clients(self, tx: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """The client of the claim that is named."""
        number = _command(ask.request).number
        client = await lists.client_of(tx.conn, number) if well_formed(number) else None
        return () if client is None else (client,)

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Do the act, or say why not; repeated, answer as the first time."""
        actor, refusal = ask.actor, decide(ask.access, ASKING)
        if refusal is not None or actor is None:
            return self._refused(ask, refusal or actor_verified.REFUSAL)
        meant = await self._meant(tx, ask, actor)
        if isinstance(meant, Refusal):
            return self._refused(ask, meant)
        command, content = _command(ask.request), self._asking.content(ask, _command(ask.request))
        known = await steps.begin(tx.conn, actor.organisation, command.idempotency_key, content)
        if known is not None:
            return self._again(ask, meant, known, content)
        told = await self._act(tx, ask, meant, command)
        if isinstance(told, Refusal):
            await steps.forget(tx.conn, actor.organisation, command.idempotency_key)
            return self._refused(ask, told, meant)
        await steps.finish(
            tx.conn, actor.organisation, command.idempotency_key, meant.claim.id, told.answer.model_dump_json()
        )
        return told

    async def _meant(self, tx: Tx, ask: Ask, actor: Actor) -> Meant | Refusal:
        """The claim named, under the body of the day; unknown to everybody whose it is not."""
        number, day = _command(ask.request).number, helsinki_date(ask.request.accepted)
        claim = await claims.by_number(tx.conn, number) if well_formed(number) else None
        if claim is None or not self._bearing.scope(actor.organisation, actor.member, day).covers(claim):
            return refusals.UNKNOWN
        code = self._scribe.client(await claims.sealed_row(tx.conn, claim.id), claim.id)
        return refusals.DISQUALIFIED if self._asking.is_own(ask, code) else Meant(claim, code)

    async def _act(self, tx: Tx, ask: Ask, meant: Meant, command: ClaimCommand) -> Told | Refusal:
        claim = meant.claim
        if command.version != claim.version:
            return refusals.stale(claim.version, claim.state)
        stated = stated_in(command, claim.ground)
        if isinstance(stated, Refusal):
            return stated
        what, at = Act(command.act), await self._situation(tx, ask, claim)
        changed = act(claim, what, stated, at)
        if isinstance(changed, Refusal):
            return changed
        refusal = _unlawful(changed, what, command, at, ask)
        if refusal is not None:
            return refusal
        events = await self._stepping.store(
            tx,
            changed,
            what,
            at.by,
            ask.request.accepted,
            code=meant.code,
            ask=ask,
            reason=stated.reason,
            returned=returning.noted(what, stated.returned),
        )
        done = ClaimDone(
            number=changed.number, version=changed.version, state=changed.state.value, stops_from=changed.stops_from
        )
        return Told(done, tuple(events))

    async def _situation(self, tx: Tx, ask: Ask, claim: Claim) -> Situation:
        day = helsinki_date(ask.request.accepted)
        known = await self._keeper.load(tx, [claim.client], day, ())
        books = known.books.get(claim.client)
        standing = () if books is None else books.standing.values()
        return Situation(
            by=Party.HANDLER if at_kela(ask.actor) else Party.CLAIMANT,
            day=day,
            took=await lists.took(tx.conn, claim.id),
            stops_from=next_unpaid(claim.id, claim.state, standing, day),
            others=_others(claim, await claims.of_clients(tx.conn, [claim.client])),
            returned=await returns.of_claim(tx.conn, claim.id),
        )

    def _again(self, ask: Ask, meant: Meant, known: steps.Known, content: bytes) -> Told:
        if known.content != content or known.answer is None:
            return self._refused(ask, refusals.KEY_REUSED, meant)
        event = self._scribe.access(ask, Outcome.GRANTED, claim=meant.claim.id, client=meant.code)
        return Told(ClaimDone.model_validate_json(known.answer), (event,))

    def _refused(self, ask: Ask, refusal: Refusal, meant: Meant | None = None) -> Told:
        claim, code = (None, None) if meant is None else (meant.claim.id, meant.code)
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal, claim=claim, client=code), refusal)


def at_kela(actor: Actor | None) -> bool:
    """Whether somebody acts in Kela's name."""
    return actor is not None and actor.organisation == KELA


def _others(claim: Claim, of_client: Sequence[Claim]) -> tuple[ExistingClaim, ...]:
    """What the same body claims besides of the same benefit on the same ground."""
    return tuple(
        ExistingClaim(
            other.number, other.organisation, other.member, other.benefit, other.ground, other.first, other.last
        )
        for other in of_client
        if other.id != claim.id
        and (other.organisation, other.member) == (claim.organisation, claim.member)
        and (other.benefit, other.ground) == (claim.benefit, claim.ground)
        and other.state not in steps.CLOSED
    )


def _unlawful(changed: Claim, what: Act, command: ClaimCommand, at: Situation, ask: Ask) -> Refusal | None:
    """What the rules of a registration refuse in what the act states of the claim's terms."""
    if what not in {Act.CHANGE, Act.CONFIRM, Act.WIDEN}:
        return None
    judged = widening.applied(changed, at) if what is Act.WIDEN else changed
    if isinstance(judged, Refusal):
        return judged
    return unlawful(judged, command, ask.access, policy(), protected_shares())


def _command(request: Request) -> ClaimCommand:
    if not isinstance(request.body, ClaimCommand):
        raise TypeError("this desk acts on claims")
    return request.body
