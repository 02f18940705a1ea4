"""Comparing closed hours all the time: what Kafka, the log and the services hold, by agreement (`domain/completeness`).

Each round reads Kafka up to its ends, enters the hours that have closed, compares what is due and asks billing, lookup
and claims. Each answers on its own topic: its answer is an entry of the log, and is read there. Nothing is judged
before the log, and billing by its own account, have read as far as Kafka was read: what is under way is no gap.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID, uuid4

from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit.domain.completeness import (
    AUDIT,
    BILLING,
    OWN,
    OWN_KEPT,
    Compared,
    OwnAccount,
    Position,
    State,
    closed_before,
    compare,
    new_hours,
    reached,
    with_own,
)
from services.audit.store import committed
from services.audit.store import completeness as store
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topic import SEALED_RETENTION
from shared.bus.topics import AUDIT_ALERTS, COUNTS_ASKED
from shared.contracts.completeness import GapClosed, GapFound
from shared.contracts.counting import HoursAsked
from shared.counted import answer_id
from shared.counting import Held
from shared.database.engine import raw
from shared.database.repeating import again_and_again
from shared.ids import event_id

if TYPE_CHECKING:
    from asyncpg import Connection

AGAIN: Final = timedelta(minutes=10)
"""After which a gap is looked at again, and a question that got no answer is asked again."""
AT_ONCE: Final = 100
"""Hours of one round."""
SOURCE: Final = "audit"

Read = Callable[[], Awaitable[Mapping[Position, int]]]
"""Takes in what was published and says how far."""


class Completeness:
    """Compares hours.

    Args:
        engine: The database.
        read: Reads Kafka.
        business: Business clock: which hours are closed.
        system: System clock: when to ask again.
        log: Where gaps are told.
        consumer: Whose position says what is in the log.
    """

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        read: Read,
        business: Callable[[], datetime],
        system: Callable[[], datetime],
        log: BoundLogger,
        consumer: str,
    ) -> None:
        self._engine = engine
        self._read = read
        self._business = business
        self._system = system
        self._log = log
        self._consumer = consumer
        self.gaps = 0
        """Hours and agreements with a gap, as of the last round."""

    def alarm(self) -> str | None:
        """What /ready tells of gaps."""
        return f"{self.gaps} hours and agreements have a gap" if self.gaps else None

    async def round(self) -> int:
        """Compare what is due and can be judged; the gaps that stand."""
        wanted = await self._read()
        now, at = self._business(), self._system()
        async with self._engine.begin() as conn:
            connection = await raw(conn)
            await store.forget(connection, now, SEALED_RETENTION)
            newest = await store.newest_hour(connection, closed_before(now))
            await store.add_hours(connection, new_hours(newest, now))
            due = await store.due_hours(connection, closed_before(now), at - AGAIN, AT_ONCE)
            _, logged = await committed(connection, self._consumer)
        if reached(logged, wanted):
            unanswered = [hour for hour in due if not await self._compare(hour, now, at)]
            await self._ask(unanswered, wanted, at)
        elif due:
            self._log.info("hours_wait", reason="the log has not read as far as Kafka", hours=len(due))
        async with self._engine.connect() as conn:
            self.gaps = await store.gaps(await raw(conn))
        return self.gaps

    async def for_ever(self, every: float) -> None:
        """Compare again and again; outages are waited out."""
        await again_and_again(self.round, every, self._log, "hours_wait", outages=(KafkaError,))

    async def _compare(self, due: store.DueHour, now: datetime, at: datetime) -> bool:
        """Compare one hour; whether everybody's part in it was judged."""
        async with self._engine.begin() as conn:
            connection = await raw(conn)
            billing = await self._answer(connection, due, BILLING)
            held = {AUDIT: await store.logged_in(connection, due.hour)}
            if billing is not None:
                held[BILLING] = billing
            awaited = OWN if now - due.hour <= OWN_KEPT else ()
            own = await self._own(connection, due, awaited)
            answered = billing is not None and len(own) == len(awaited)
            found = compare(due.hour, await store.published_in(connection, due.hour), held)
            found = with_own(due.hour, found, own, waits=len(own) < len(awaited))
            before = await store.states_of(connection, due.hour)
            known = {one.agreement for one in found}
            # Of an agreement that nobody holds anything of any more, nothing is missing any more.
            found += [Compared(name, 0, dict.fromkeys(held, 0)) for name in before if name not in known]
            if not answered:
                # A gap stands until everybody has been heard: it may be theirs.
                found = [one for one in found if one.differs or before.get(one.agreement, _NEW)[0] is not State.GAP]
            await store.keep(connection, due.hour, found, now)
            await store.done(connection, due.hour, at, answered=answered)
            await self._tell(conn, due.hour, found, before, now)
        return answered

    async def _own(self, conn: "Connection", due: store.DueHour, services: Sequence[str]) -> dict[str, OwnAccount]:
        """Accounts of those who told the events, as far as they have answered."""
        found = {}
        for service in services:
            held = await self._answer(conn, due, service)
            if held is not None:
                found[service] = OwnAccount(await store.published_by(conn, due.hour, service), held)
        return found

    async def _answer(self, conn: "Connection", due: store.DueHour, service: str) -> dict[str, Held] | None:
        """What a service says that it holds, by agreement; None while it cannot be judged."""
        if due.ask is None:
            return None
        answer = await store.answer_in_log(conn, answer_id(due.ask, due.hour, service))
        if answer is None:
            return None
        read = {(topic, int(number)): offset for (topic, _, number), offset in _split(answer.read)}
        # Who tells has kept an event before Kafka had it, so it was asked late enough.
        if service == BILLING and not reached(read, due.wanted):
            return None
        return {one.agreement: Held.read(one.count, one.digest) for one in answer.counts}

    async def _tell(
        self,
        conn: AsyncConnection,
        hour: datetime,
        found: Sequence[Compared],
        before: Mapping[str, tuple[State, int]],
        now: datetime,
    ) -> None:
        told = []
        for one in found:
            state, changes = before.get(one.agreement, _NEW)
            if (state is State.GAP) == one.differs:
                continue
            id_ = event_id("audit-gap", hour.isoformat(), one.agreement, str(changes + 1))
            told.append(self._message(id_, hour, one, now))
        await outbox.write(conn, told)

    def _message(self, id_: UUID, hour: datetime, one: Compared, now: datetime) -> Outgoing:
        if one.differs:
            self._log.error(
                "gap_found", hour=hour.isoformat(), agreement=one.agreement, published=one.published, **one.held
            )
            body: GapFound | GapClosed = GapFound(
                hour=hour,
                agreement=one.agreement,
                time=now,
                published=one.published,
                held=dict(one.held),
                missing=dict(one.missing),
                extra=dict(one.extra),
            )
        else:
            self._log.info("gap_closed", hour=hour.isoformat(), agreement=one.agreement)
            body = GapClosed(hour=hour, agreement=one.agreement, time=now, published=one.published)
        return Outgoing.of(AUDIT_ALERTS, one.agreement, id_, body, source=SOURCE, time=now)

    async def _ask(self, hours: Sequence[store.DueHour], wanted: Mapping[Position, int], at: datetime) -> None:
        """Ask the services about hours that have no question under way, or one that was not answered in time."""
        late = [hour for hour in hours if hour.asked is not None and hour.asked < at - AGAIN]
        if late:
            self._log.warning("counts_silent", hours=len(late))
        asked = [hour.hour for hour in hours if hour.ask is None or hour in late]
        if not asked:
            return
        body = HoursAsked(ask=uuid4(), hours=tuple(asked), time=at)
        async with self._engine.begin() as conn:
            await store.note_asked(await raw(conn), body.ask, asked, wanted, at)
            await outbox.write(conn, [Outgoing.of(COUNTS_ASKED, str(body.ask), body.ask, body, source=SOURCE, time=at)])


_NEW: Final = (State.WAITING, 0)


def _split(read: Mapping[str, int]) -> list[tuple[tuple[str, str, str], int]]:
    return [(place.rpartition("/"), offset) for place, offset in read.items()]
