"""How did my registration go: what is known of an idempotency key, told again to its own organisation."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from services.claims.asking import Ask, Asking
from services.claims.domain.bearing import were
from services.claims.events import Scribe
from services.claims.store import claims, registrations
from services.claims.store.registrations import Registration
from services.claims.told import TOO_LATE, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Outcome
from shared.contracts.answers import Failed, Refused
from shared.contracts.asking import ClaimStatusQuery, RegisterClaim
from shared.contracts.base import Pseudonym, Refusal
from shared.contracts.requests import Actor
from shared.finnish.identity_code import contains_identity_code
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified

UNKNOWN_KEY: Final = Failed(
    code="claims.unknown_key", reason="Nothing is known of a registration with this key yet.", retry=True
)


class Receipts:
    """The desk of questions about registrations.

    Args:
        asking: The facts of the gate.
        scribe: Makes events.
        now: System clock.
    """

    def __init__(self, *, asking: Asking, scribe: Scribe, now: Callable[[], datetime]) -> None:
        self._asking = asking
        self._scribe = scribe
        self._now = now

    def prepare(self, request: Request, _taken: datetime, now: datetime) -> Ask:
        """The facts of a question; stale ones refuse it."""
        return self._asking.status(request, now=now)

    async def clients(self, _tx: Tx, _ask: Ask) -> tuple[Pseudonym, ...]:
        """None: it changes nothing."""
        return ()

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Tell how a registration of the asker's own organisation went."""
        query = ask.request.body
        if not isinstance(query, ClaimStatusQuery):
            raise TypeError("this desk answers questions about registrations")
        if ask.request.expired(self._now()):
            return Told(TOO_LATE, (self._scribe.access(ask, Outcome.ABORTED),))
        refusal = decide(ask.access, ASKING)
        actor = ask.actor
        if refusal is not None or actor is None:
            return self.refused_access(ask, refusal or actor_verified.REFUSAL)
        if "\0" in query.idempotency_key:
            return self._nothing_known(ask)
        known = await registrations.registration(tx.conn, (actor.organisation, query.idempotency_key))
        return self._nothing_known(ask) if known is None else await self.again(tx, known, ask, actor)

    async def again(self, tx: Tx, known: Registration, ask: Ask, actor: Actor) -> Told:
        """Tell what is known already; that somebody looked is an event of its own.

        A receipt is told for the municipality of which it is: one organisation may act for many, its workers for some.
        """
        if known.refusal is not None:
            answer = Refused(refusal=known.refusal, event=known.event)
            return Told(answer, (self._scribe.access(ask, Outcome.GRANTED),))
        claim = None if known.claim is None else await claims.by_id(tx.conn, known.claim)
        if claim is None or claim.member not in _of(actor, helsinki_date(ask.request.accepted)):
            return self._nothing_known(ask)
        client = self._scribe.client(await claims.sealed_row(tx.conn, claim.id), claim.id)
        event = self._scribe.access(ask, Outcome.GRANTED, claim=claim.id, client=client)
        return Told(claim.receipt(ask.request.language), (event,))

    def refused_access(self, ask: Ask, refusal: Refusal) -> Told:
        """A refusal by the gate, told as an access."""
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal), refusal)

    def _nothing_known(self, ask: Ask) -> Told:
        return Told(UNKNOWN_KEY, (self._scribe.access(ask, Outcome.EMPTY),))


def _of(actor: Actor, day: date) -> tuple[str, ...]:
    """The municipality for which somebody acts, and those that have become it by the day."""
    return () if actor.member is None else were(actor.member, day)


def may_be_kept(sent: RegisterClaim) -> bool:
    """Whether the idempotency key may be stored: one that holds an identity code is refused and forgotten."""
    return not contains_identity_code(sent.idempotency_key)
