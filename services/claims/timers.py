"""What time does to claims, on the business clock: once a minute, in the one process that leads.

| due | what |
|---|---|
| the deadline of a hearing has passed | that the client did not answer is a step (V15) |
| the last day of a decided claim has passed, nothing of it is held | it ends, and once ending it has ended (V16) |
| the register told of the client's death | a decided claim ends, an undecided one expires |
| the awaited benefit was refused (golden R6) | the waiting claim expires |
| another body bears the municipality | the claim moves to it; its number, arrival and origin stay (golden G8) |
| the account of an accepted claim came to be confirmed | what was held is paid (golden G8) |
| a claim waits for long, its hearing is over, or it ends soon | a reminder, once for each day on which it became so |

Each claim is looked at again under its client's lock, in a transaction of its own. What is due follows from the claim
and the day alone, so that doing it again, after a crash or with the clock moved back, changes nothing more; the event's
id follows from the claim, its version and when it was due. A claim to which it cannot be done is told loudly in the
log, looked at again a minute later, and keeps no other claim waiting.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.claims.bearing import Bearing
from services.claims.desks.stepping import Stepping
from services.claims.domain.acts import act
from services.claims.domain.due import due, due_on
from services.claims.domain.lifecycle import Act, Party
from services.claims.domain.registration import Claim
from services.claims.domain.reminders import reminder
from services.claims.domain.stated import Situation, Stated
from services.claims.events import Scribe
from services.claims.reminding import reminded
from services.claims.store import claims, counts, dry_runs, facts, reminders, steps
from services.claims.store.steps import Candidate, Page
from services.claims.told import Rebook
from shared.bus.messages import Outgoing
from shared.bus.transaction import Tx
from shared.clock.civil import at_helsinki, helsinki_date
from shared.contracts.base import Refusal
from shared.database.engine import raw
from shared.database.errors import classify
from shared.database.repeating import again_and_again

PERIOD_SECONDS: Final = 60.0
AT_ONCE: Final = 500
"""Claims that one look gives; the next look goes on after the last of them, however many could not be done."""
KEPT: Final = timedelta(days=7)
"""How long it is known how often somebody asked beforehand; only the day itself is asked for."""
Do = Callable[[Tx, Claim, datetime], Awaitable[list[Outgoing]]]
"""Does something to a claim whose client is locked; the events that tell of it."""


class Look(Protocol):
    """Finds claims in the order of their ids."""

    async def __call__(self, conn: AsyncConnection, *, page: Page) -> list[Candidate]:
        """One page of them."""
        ...


class Timers:
    """Does what is due.

    Args:
        engine: The database.
        now: The business clock.
        bearing: Who bears which municipality.
        scribe: Makes events.
        stepping: Stores what became of a claim.
        rebook: Writes a client's books anew.
        log: Where trouble is told.
        at_once: How many claims one look gives.
    """

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        bearing: Bearing,
        scribe: Scribe,
        stepping: Stepping,
        rebook: Rebook,
        log: BoundLogger,
        at_once: int = AT_ONCE,
    ) -> None:
        self._engine = engine
        self._now = now
        self._bearing = bearing
        self._scribe = scribe
        self._stepping = stepping
        self._rebook = rebook
        self._log = log
        self._at_once = at_once

    async def once(self) -> int:
        """Do everything that is due now; how much it was."""
        now, done = self._now(), 0
        while found := await self._pass(now):
            done += found
        async with self._engine.begin() as conn:
            await dry_runs.forget(conn, helsinki_date(now) - KEPT)
            await counts.forget(await raw(conn))
        return done + await self._confirmed(now)

    async def remind(self) -> int:
        """Give every reminder that is due now and was not given yet; how many they were."""
        now = self._now()
        return await self._each(partial(reminders.due, day=helsinki_date(now)), self._remind, now)

    async def for_ever(self) -> None:
        """Do what is due now and then every minute; a database that does not answer is tried again."""

        async def all_due() -> None:
            done = await self.once() + await self.remind()
            if done:
                self._log.info("claims_due", count=done)

        await again_and_again(all_due, PERIOD_SECONDS, self._log, "timers_wait")

    async def _pass(self, now: datetime) -> int:
        day = helsinki_date(now)
        done = await self._each(partial(steps.due, day=day), self._step, now)
        async with self._engine.connect() as conn:
            bodies = await self._moved(conn, day)
        # All of them are found before the first one moves: the claim that stands for its body moves as well.
        pages = [page for one in bodies async for page in self._pages(partial(steps.like, claim=one))]
        return done + sum([await self._tried(one, self._move, now) for page in pages for one in page])

    async def _each(self, look: Look, do: Do, now: datetime) -> int:
        """Do it to every claim that is found; to how many it was done."""
        return sum([await self._tried(one, do, now) async for page in self._pages(look) for one in page])

    async def _pages(self, look: Look) -> AsyncIterator[list[Candidate]]:
        """All that a look finds, page by page: what could not be done to one claim keeps none behind it waiting."""
        page = Page(self._at_once)
        while True:
            async with self._engine.connect() as conn:
                found = await look(conn, page=page)
            yield found
            if len(found) < self._at_once:
                return
            page = Page(self._at_once, found[-1].claim)

    async def _moved(self, conn: AsyncConnection, day: date) -> list[UUID]:
        """One claim of each body and account that is another one today."""
        known = await claims.by_ids(conn, await steps.bodies(conn))
        return [claim.id for claim in known.values() if self._bearing.borne(claim, day).claim != claim]

    async def _confirmed(self, now: datetime) -> int:
        """A client's books are written anew once, however many of the client's claims wait."""
        day, ready = helsinki_date(now), dict[str, Candidate]()
        async for page in self._pages(steps.waiting_for_account):
            async with self._engine.connect() as conn:
                known = await claims.by_ids(conn, [one.claim for one in page])
            confirmed = {id_ for id_, claim in known.items() if self._bearing.borne(claim, day).confirmed}
            ready.update({one.client: one for one in page if one.claim in confirmed})
        return sum([await self._tried(one, self._pay, now) for one in ready.values()])

    async def _tried(self, one: Candidate, do: Do, now: datetime) -> bool:
        """Do it, or tell why not; a database that does not answer is everybody's trouble and is raised."""
        try:
            return await self._locked(one, do, now)
        except Exception as error:
            if classify(error) == "transient":
                raise
            self._log.exception("claim_timer_failed", claim=str(one.claim), error=type(error).__name__)
            return False

    async def _locked(self, one: Candidate, do: Do, now: datetime) -> bool:
        """Look again under the lock, for somebody may have acted meanwhile; all or nothing."""
        async with self._engine.begin() as conn:
            await claims.lock_clients(conn, [one.client])
            claim, tx = await claims.by_id(conn, one.claim), Tx(conn)
            events = [] if claim is None else await do(tx, claim, now)
            for event in events:
                tx.publish(event)
            await tx.flush()
        return bool(events)

    async def _step(self, tx: Tx, claim: Claim, now: datetime) -> list[Outgoing]:
        day = helsinki_date(now)
        fate = await facts.fate(tx.conn, claim)
        what = due(claim, day, holds=await steps.holds(tx.conn, claim.id), fate=fate)
        if what is None:
            return []
        changed = act(claim, what, Stated(), Situation(by=Party.SYSTEM, day=day, died=fate.died))
        if not isinstance(changed, Claim):
            raise TypeError(f"what is due cannot be refused: {changed.code}")
        at = await self._at(tx, claim, due_on(claim, what, day, fate))
        return await self._stepping.store(
            tx, changed, what, Party.SYSTEM, at, code=await self._code(tx, claim), booked=max(at, now)
        )

    async def _move(self, tx: Tx, claim: Claim, now: datetime) -> list[Outgoing]:
        day = helsinki_date(now)
        borne = self._bearing.borne(claim, day).claim
        if borne == claim:
            return []
        moved = act(borne, Act.MOVE, Stated(), Situation(by=Party.SYSTEM, day=day))
        if isinstance(moved, Refusal):
            return []
        same_body = (borne.organisation, borne.member) == (claim.organisation, claim.member)
        since = None if same_body else self._bearing.since(claim, day)
        at = await self._at(tx, claim, helsinki_date(now) if since is None else since)
        return await self._stepping.store(
            tx, moved, Act.MOVE, Party.SYSTEM, at, code=await self._code(tx, claim), booked=max(at, now)
        )

    async def _pay(self, tx: Tx, claim: Claim, now: datetime) -> list[Outgoing]:
        return await self._rebook(tx, claim.client, "claim", now)

    async def _remind(self, tx: Tx, claim: Claim, now: datetime) -> list[Outgoing]:
        heard = await reminders.heard(tx.conn, [claim.id])
        found = reminder(claim, helsinki_date(now), heard.get(claim.id))
        if found is None:
            return []
        event = reminded(claim, found, await self._at(tx, claim, found.due))
        return [event] if await reminders.give(tx.conn, claim.id, found, event.id, now) else []

    async def _at(self, tx: Tx, claim: Claim, day: date) -> datetime:
        """The midnight at which something was due, but never before the step before it."""
        times = [claim.arrived, *(step.at for step in await claims.steps(tx.conn, claim.id))]
        return max(at_helsinki(day), *times).astimezone(UTC)

    async def _code(self, tx: Tx, claim: Claim) -> str:
        return self._scribe.client(await claims.sealed_row(tx.conn, claim.id), claim.id)
