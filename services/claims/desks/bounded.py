"""A dry run that has a bound: past the day's threshold a worker is told nothing more, so nobody probes a client."""

from collections.abc import Callable
from datetime import datetime

from services.claims.asking import Ask
from services.claims.domain.dry_runs import Thresholds
from services.claims.events import Scribe
from services.claims.store import dry_runs
from services.claims.told import Desk, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Action, Outcome
from shared.contracts.base import Pseudonym
from shared.gate.order import ASKING, decide


class Bounded:
    """The desk of dry runs behind its threshold.

    Args:
        desk: Answers what is let through, and what it will not work on anyhow: strangers and questions too late.
        thresholds: How many a worker may make on a day.
        scribe: Makes events.
        now: System clock.
    """

    def __init__(self, desk: Desk, *, thresholds: Thresholds, scribe: Scribe, now: Callable[[], datetime]) -> None:
        self._desk = desk
        self._thresholds = thresholds
        self._scribe = scribe
        self._now = now

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """The facts of a question about a claim."""
        return self._desk.prepare(request, taken, now)

    async def clients(self, tx: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """Whom it concerns."""
        return await self._desk.clients(tx, ask)

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Count it in the transaction that answers it, and answer it unless it is one too many."""
        if ask.worker is None or ask.request.expired(self._now()) or decide(ask.access, ASKING) is not None:
            return await self._desk.serve(tx, ask)
        day = helsinki_date(ask.request.accepted)
        refusal = self._thresholds.refuse(await dry_runs.count(tx.conn, ask.worker, day), day)
        if refusal is None:
            return await self._desk.serve(tx, ask)
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal, action=Action.DRY_RUN), refusal)
