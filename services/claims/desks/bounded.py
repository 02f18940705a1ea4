"""A dry run that has a bound: past the day's threshold a worker is told nothing more, so nobody probes a client."""

from collections.abc import Callable
from datetime import datetime

from services.claims.asking import Ask
from services.claims.domain.dry_runs import Thresholds
from services.claims.events import Scribe
from services.claims.store import dry_runs
from services.claims.store.dry_runs import Count
from services.claims.told import Desk, Told, refused
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.contracts.access import Action, Outcome
from shared.contracts.base import Pseudonym
from shared.gate.order import ASKING, decide


def counted(ask: Ask) -> Count | None:
    """Under which count a worker's questions and refusals of a day go; None: the gate refuses it anyhow."""
    if ask.worker is None or decide(ask.access, ASKING) is not None:
        return None
    return ask.worker, helsinki_date(ask.request.accepted)


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

    def counts(self, ask: Ask) -> Count | None:
        """Under which count it goes; None: under none."""
        return counted(ask)

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Count it in the transaction that answers it, and answer it unless it is one too many."""
        count = counted(ask)
        if count is None or ask.request.expired(self._now()):
            return await self._desk.serve(tx, ask)
        refusal = self._thresholds.refuse(await dry_runs.count(tx.conn, count), count[1])
        if refusal is None:
            return await self._desk.serve(tx, ask)
        return refused(self._scribe.access(ask, Outcome.REFUSED, refusal, action=Action.DRY_RUN), refusal)
