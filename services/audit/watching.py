"""Watching the log for anomalies: in order, entry by entry, in the one process that leads.

Counts, alerts, their messages and the position commit together, so that a crash at any point repeats nothing and
passes nothing over. Logging never waits for it: it reads what is committed.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit.domain.anomalies.book import Book, SetKey, SetKind, set_key
from services.audit.domain.anomalies.limits import LimitsTable
from services.audit.domain.anomalies.reading import READ, Acted, Duty, Stated, read
from services.audit.domain.anomalies.rules import findings
from services.audit.domain.anomalies.seen import Known, Look
from services.audit.personal import unseal, unwrap
from services.audit.store import alerts, anomalies
from services.audit.store.anomalies import Sealed
from services.audit.store.anomaly_saving import save
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing, Unsealable
from shared.bus.topics import AUDIT_ALERTS
from shared.clock.civil import helsinki_date
from shared.contracts.anomalies import AnomalyFound
from shared.database.engine import raw
from shared.database.errors import classify
from shared.ids import event_id, pseudonym

if TYPE_CHECKING:
    from asyncpg import Connection

AT_ONCE: Final = 1_000
"""Entries looked at without a turn for anything else in the process: a tenth of a second."""
POLL_SECONDS: Final = 1.0
SOURCE: Final = "audit"
EVERY_ORGANISATION: Final = "several"
"""Key of messages about alerts that concern several organisations."""

Told = Stated | Acted | Duty


class Watcher:
    """Evaluates the rules.

    Args:
        engine: The database.
        limits: Limits of each organisation.
        ring: Opens personal parts: a new worker's own code, case references, and what tells of a shared
            surname or address are in them alone.
        pseudonym_key: Keeps codes and case references as pseudonyms.
        now: The business clock.
        log: Where waiting is told.
        busy: Whether the log works off a backlog: it comes first, for without a fresh log nobody is shown anything.
        at_once: Entries in one transaction.
    """

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        limits: LimitsTable,
        ring: KeyRing,
        pseudonym_key: bytes,
        now: Callable[[], datetime],
        log: BoundLogger,
        busy: Callable[[], bool] = lambda: False,
        at_once: int = AT_ONCE,
    ) -> None:
        self._engine = engine
        self._limits = limits
        self._ring = ring
        self._pseudonym_key = pseudonym_key
        self._now = now
        self._log = log
        self._busy = busy
        self._at_once = at_once

    async def run(self) -> None:
        """Watch for ever. A database that is away is waited for; anything else ends the process loudly."""
        while True:
            try:
                more = await self.tick()
            except Exception as error:
                if classify(error) != "transient":
                    raise
                self._log.warning("anomalies_wait", reason=type(error).__name__)
                more = False
            if not more or self._busy():
                await asyncio.sleep(POLL_SECONDS)

    async def tick(self) -> bool:
        """Look at the next entries, or, when there are none, at what became due; whether there may be more to do."""
        async with self._engine.begin() as conn:
            connection = await raw(conn)
            first = await anomalies.lock_position(connection)
            entries = await anomalies.entries_from(connection, first, self._at_once, READ)
            if not entries:
                return await self._due(conn, connection)
            told = [one for entry in entries if (one := read(entry)) is not None]
            known = await self._fold(connection, told)
            await self._raise(conn, connection, known)
            await anomalies.move_position(connection, entries[-1].seq + 1)
        return True

    async def _due(self, conn: AsyncConnection, connection: "Connection") -> bool:
        """Settle look-ups whose days are over. Only when every entry was looked at: the action may be among them."""
        today = helsinki_date(self._now())
        waiting = await anomalies.overdue(connection, today, self._at_once)
        if not waiting:
            await anomalies.purge(connection, today - timedelta(days=2 * self._limits.longest))
            return False
        book = Book(self._limits)
        since = today - timedelta(days=self._limits.longest)
        await anomalies.load_workers(connection, book, {(one.organisation, one.worker) for one in waiting}, since)
        known = [book.overdue(one) for one in waiting]
        await save(connection, book)
        await self._raise(conn, connection, known)
        return True

    async def _fold(self, connection: "Connection", told: Sequence[Told]) -> list[Known]:
        book = Book(self._limits)
        looks = await self._load(connection, book, told)
        known: list[Known] = []
        for one in told:
            match one:
                case Stated():
                    known.append(book.look(looks[one.look.seq]))
                case Acted():
                    known.extend(book.act(one))
                case Duty():
                    book.mandate(one)
        await save(connection, book)
        return known

    async def _load(self, connection: "Connection", book: Book, told: Sequence[Told]) -> dict[int, Look]:
        """Load what these entries need; the look-ups by entry, with the case of each."""
        looks = [one.look for one in told if isinstance(one, Stated)]
        acted = [one for one in told if isinstance(one, Acted)]
        duties = [one for one in told if isinstance(one, Duty)]
        first = min((look.day for look in looks), default=helsinki_date(self._now()))
        workers = {(look.organisation, look.worker) for look in looks}
        pairs = {(o, one.person) for one in acted for o in one.organisations}
        # Late actions settle look-ups of workers who are not among those who look now.
        pairs |= {(look.organisation, look.person) for look in looks if look.person is not None}
        await anomalies.load_open(connection, book, pairs)
        workers |= {(o, worker) for (o, _), waiting in book.open.items() for worker in waiting}
        await anomalies.load_workers(connection, book, workers, first - timedelta(days=self._limits.longest))
        await anomalies.load_duties(connection, book, [one.id for one in duties])
        looks = await self._opened(connection, book, told)
        book.staff = await anomalies.staff_among(connection, pairs)
        keys = {
            key
            for look in looks
            if look.person is not None
            for key in (
                set_key("workers", look.organisation, look.person),
                set_key("organisations", look.person),
                set_key("colleagues", look.organisation, look.worker),
                *_shared_keys(look),
            )
        }
        await anomalies.load_marks(connection, book, keys)
        return {look.seq: look for look in looks}

    async def _opened(self, connection: "Connection", book: Book, told: Sequence[Told]) -> list[Look]:
        """The look-ups with what only their personal parts tell; and who a new worker is as a client."""
        stated = [one for one in told if isinstance(one, Stated)]
        new = {(one.look.organisation, one.look.worker): one.look.seq for one in reversed(stated)}
        new = {worker: seq for worker, seq in new.items() if worker not in book.as_client}
        sealed = await anomalies.sealed_of(
            connection, {*new.values(), *(one.look.seq for one in stated if _compared(one))}
        )
        opened = {seq: self._personal(one) for seq, one in sealed.items()}
        for worker, seq in new.items():
            code = opened.get(seq, {}).get("worker")
            if isinstance(code, str):
                book.as_client[worker] = pseudonym(self._pseudonym_key, "client", code)
        await anomalies.add_workers(
            connection, [(worker, book.as_client[worker]) for worker in sorted(new) if worker in book.as_client]
        )
        return [self._with_personal(one, opened.get(one.look.seq, {})) for one in stated]

    def _with_personal(self, one: Stated, personal: dict[str, object]) -> Look:
        surname, address = personal.get("surname"), personal.get("address")
        return one.look.opened(
            case=self._case(one, personal),
            surname=surname if isinstance(surname, str) else None,
            address=address if isinstance(address, str) else None,
        )

    def _case(self, one: Stated, personal: dict[str, object]) -> str | None:
        reference = personal.get("case_reference") if one.case else None
        if not isinstance(reference, str) or not reference.strip():
            return None
        text = f"case:{one.look.organisation}:{' '.join(reference.split()).casefold()}"
        return hmac.digest(self._pseudonym_key, text.encode(), "sha256")[:16].hex()

    def _personal(self, sealed: Sealed) -> dict[str, object]:
        """The personal part of an entry; empty when it does not open. It is not kept, and nothing of it is logged."""
        try:
            key = unwrap(self._ring, (sealed.person, sealed.month), sealed.wrapped)
            found = orjson.loads(unseal(key, sealed.event_id, sealed.personal))
        except (Unsealable, orjson.JSONDecodeError):
            return {}
        return found if isinstance(found, dict) else {}

    async def _raise(self, conn: AsyncConnection, connection: "Connection", known: Iterable[Known]) -> None:
        """Keep and tell what the rules find, each once."""
        found: dict[str, AnomalyFound] = {}
        for one in known:
            for anomaly in anomalies_at(one, self._limits):
                found.setdefault(str(anomaly.alert), anomaly)
        if not found:
            return
        new = await alerts.add_alerts(connection, list(found.values()), self._now())
        await outbox.write(conn, [announcement(one) for one in found.values() if one.alert in new])


def _compared(one: Stated) -> bool:
    """Whether the personal part may tell the rules anything: of a person whose data were shown, or of a case."""
    return one.case or (one.look.seen and one.look.person is not None)


def _shared_keys(look: Look) -> Iterable[SetKey]:
    """Sets of persons who share something with the person looked up."""
    shared: tuple[tuple[SetKind, str | None], ...] = (
        ("case", look.case),
        ("surname", look.surname),
        ("address", look.address),
    )
    return [set_key(kind, look.organisation, look.worker, what) for kind, what in shared if what]


def anomalies_at(known: Known, limits: LimitsTable) -> Iterable[AnomalyFound]:
    """What the rules find at one look-up, as it is told."""
    for rule, finding in findings(known, limits.of(known.look.organisation)):
        yield AnomalyFound(
            alert=event_id("audit-anomaly", rule.name, *finding.subject),
            rule=rule.name,
            organisation=finding.organisation,
            worker=finding.worker,
            time=known.look.time,
            figures=finding.figures,
            limits=finding.against,
            explanation=rule.explain(finding),
            entries=finding.entries,
        )


def announcement(anomaly: AnomalyFound) -> Outgoing:
    """The message that tells of it. Its id holds what is told: found again with other figures, it is another one."""
    mark = hashlib.sha256(anomaly.model_dump_json().encode()).hexdigest()
    id_ = event_id("audit-anomaly-found", str(anomaly.alert), mark)
    key = anomaly.organisation or EVERY_ORGANISATION
    return Outgoing.of(AUDIT_ALERTS, key, id_, anomaly, source=SOURCE, time=anomaly.time)
