"""A dry run (validate): what registering a claim would give at this moment. It expires and stores nothing."""

from collections.abc import Callable
from datetime import datetime

from services.claims.asking import Ask, Asking
from services.claims.desks.foreseen import Foreseen
from services.claims.desks.registering import Judging, sent_in
from services.claims.events import Scribe
from services.claims.told import TOO_LATE, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.access import Action, Outcome
from shared.contracts.base import Pseudonym
from shared.gate.rules import actor_verified


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
        return self._asking.registration(request, sent_in(request), taken=now, now=now)

    async def clients(self, _tx: Tx, _ask: Ask) -> tuple[Pseudonym, ...]:
        """None: it changes nothing."""
        return ()

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Tell what registering would give at this moment."""
        if ask.request.expired(self._now()):
            return Told(TOO_LATE, (self._scribe.access(ask, Outcome.ABORTED, action=Action.DRY_RUN),))
        actor, sent = ask.actor, sent_in(ask.request)
        barred = actor_verified.REFUSAL if actor is None else self._judging.stated(ask, sent)
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
