"""What a batch of messages becomes: entries of the log, and a head that has moved past them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from structlog.stdlib import BoundLogger

from services.audit import store
from services.audit.decoding import Loggable, holds_only
from services.audit.domain.leaf import CONFLICT
from services.audit.domain.merkle import leaf_hashes
from services.audit.domain.sequence import Place, assignment
from services.audit.personal import NOBODY, Opened, Opener, Owner, PersonalState, PersonKey, PersonKeys, page_owner
from services.audit.proof_store import Completed, add_subtrees
from services.audit.store import EntryRow, Head
from shared.bus.messages import Delivered
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.bus.transaction import Tx
from shared.clock.civil import month_of
from shared.contracts.agreements import Heartbeat
from shared.contracts.base import Contract
from shared.database.engine import Ahead

if TYPE_CHECKING:
    from asyncpg import Connection

NOT_LOGGED: Final = frozenset({Heartbeat.ce_type})
"""Heartbeats say only that a topic is alive: 8,640 a day that would tell nobody anything about anyone."""


MONTH_AGAIN: Final = timedelta(minutes=1)
"""How long to leave the ranges of entries alone after a reader was in the way."""
WRITTEN_TOGETHER: Final = 500
"""Entries that are written at once, while the next ones are prepared."""
UNDATED: Final = "1970-01"
"""The month of a personal part whose own month cannot be told; always together with `NOBODY`."""


def _month(time: datetime) -> str:
    """The Finnish month of an instant: offsets from UTC are whole hours, so a whole hour lies in one month."""
    return _month_of_hour(time.replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=10_000)
def _month_of_hour(hour: datetime) -> str:
    return str(month_of(hour))


def _only_beats(message: Delivered[Contract]) -> bool:
    """Whether it is a heartbeat and nothing but one: what only goes by that name is an entry like everything else."""
    body = message.body
    if message.type not in NOT_LOGGED or message.record.topic != AGREEMENTS_EVENTS.name:
        return False
    return isinstance(body, Loggable) and body.personal is None and holds_only(body.leaf, Heartbeat)


class Pending(NamedTuple):
    """A message on its way into the log: its leaf, its personal part opened, and whose key will seal that.

    `listed` are the clients on a page of a list: each one's key is linked to the entry.
    """

    message: Delivered[Contract]
    body: Loggable
    part: Opened
    owner: Owner
    reason: str | None
    listed: tuple[Owner, ...] = ()

    def owners(self) -> Iterator[Owner]:
        """Everyone whose key the entry needs."""
        if self.part.plaintext is not None:
            yield self.owner
            yield from self.listed

    @property
    def place(self) -> Place:
        """Which record it is."""
        record = self.message.record
        return Place(record.topic, record.partition, record.offset, self.message.type == CONFLICT)

    def row(self, seq: int, leaf_hash: bytes, keys: Mapping[Owner, PersonKey], received: datetime) -> EntryRow:
        """The entry to store, its personal part sealed anew."""
        key_id = sealed = None
        if self.part.plaintext is not None:
            key = keys[self.owner]
            key_id, sealed = key.id, key.seal(self.message.id, self.part.plaintext)
        return (
            seq,
            self.message.id,
            self.message.type,
            self.message.record.topic,
            self.message.time,
            self.body.leaf,
            leaf_hash,
            key_id,
            sealed,
            self.part.state.value,
            received,
            # What contradicts an event is an entry beside it, not another event.
            None if self.message.type == CONFLICT else self.body.day,
            self.body.agreement,
        )


def _rows(
    portion: Sequence[Pending],
    hashes: Sequence[bytes],
    first: int,
    keys: Mapping[Owner, PersonKey],
    received: datetime,
) -> list[EntryRow]:
    return [
        pending.row(seq, leaf_hash, keys, received)
        for seq, (pending, leaf_hash) in enumerate(zip(portion, hashes, strict=True), first)
    ]


class Written(NamedTuple):
    """Entries that were stored, their hashes, and the keys of everyone in them."""

    batch: list[Pending]
    hashes: list[bytes]
    keys: dict[Owner, PersonKey]


class LogKeeper:
    """Appends to the log. One batch, one transaction: entries, head and position commit together."""

    def __init__(self, opener: Opener, keys: PersonKeys, now: Callable[[], datetime], log: BoundLogger) -> None:
        self._opener = opener
        self._keys = keys
        self._now = now
        self._log = log
        self._month_again = datetime.min.replace(tzinfo=UTC)

    async def append(self, tx: Tx, messages: Sequence[Delivered[Contract]]) -> None:
        """Log a batch of messages in arrival order."""
        logged = [message for message in messages if not _only_beats(message)]
        if not logged:
            return
        conn = await tx.raw()
        head = await store.lock_head(conn)
        received = self._now()
        await self._open_month(conn, head.month, received)
        written = await self._write(conn, head, logged, received)
        await store.link(
            conn,
            [
                (written.keys[one].id, seq)
                for seq, pending in enumerate(written.batch, head.tree.size)
                for one in pending.listed
            ],
        )
        completed = Completed()
        grown = head.tree.extend(written.hashes, completed)
        places = (pending.place for pending in written.batch)
        await store.advance_head(conn, grown, assignment(head.tree, grown, places))
        await add_subtrees(conn, completed)

        async def committed() -> None:
            self._keys.remember(written.keys)
            for pending in written.batch:
                self._report(pending)

        tx.after_commit(committed)

    async def _write(
        self, conn: "Connection", head: Head, logged: Sequence[Delivered[Contract]], received: datetime
    ) -> Written:
        """Store the entries; while the database takes some, the next ones are prepared."""
        written = Written([], [], {})
        async with Ahead[None]() as ahead:
            for start in range(0, len(logged), WRITTEN_TOGETHER):
                portion = [self._prepare(message) for message in logged[start : start + WRITTEN_TOGETHER]]
                await ahead.free()
                needed = {owner for pending in portion for owner in pending.owners()} - written.keys.keys()
                written.keys.update(await self._keys.of(conn, needed, head.erasures))
                hashed = leaf_hashes(pending.body.leaf for pending in portion)
                rows = _rows(portion, hashed, head.tree.size + start, written.keys, received)
                await ahead.begin(store.append(conn, rows))
                written.batch.extend(portion)
                written.hashes.extend(hashed)
        return written

    async def _open_month(self, conn: "Connection", opened: str, received: datetime) -> None:
        """Entries received in a new month begin a new range, as soon as no reader is in the way."""
        month = _month(received)
        if month <= opened or received < self._month_again:
            return
        hindrance = await store.open_month(conn, month)
        if hindrance is not None:
            self._month_again = received + MONTH_AGAIN
            self._log.warning("month_waits", month=month, reason=hindrance)

    def _prepare(self, message: Delivered[Contract]) -> Pending:
        body = message.body
        if not isinstance(body, Loggable):
            raise TypeError(f"{type(body).__name__} did not come from the log's decoder")
        try:
            part = self._opener.open(body)
            month = _month(message.time)
            owner = (page_owner(message.id) if part.listed else part.person, month)
            listed = tuple((person, month) for person in part.listed)
        except Exception as error:  # noqa: BLE001 - no I/O here, so any fault is the record's; audit logs every record
            reason = f"the personal part could not be prepared ({type(error).__name__})"
            return Pending(message, body, self._opener.unopened(body), (NOBODY, UNDATED), reason)
        return Pending(message, body, part, owner, body.reason, listed)

    def _report(self, pending: Pending) -> None:
        """Say loudly what is in the log but not as it should be; ids and places only."""
        message, state = pending.message, pending.part.state
        if message.type != CONFLICT and state in (PersonalState.NONE, PersonalState.SEALED):
            return
        self._log.error(
            "logged_with_fault",
            fault="conflict" if message.type == CONFLICT else state.value,
            entry=str(message.id),
            reason=pending.reason,
            topic=message.record.topic,
            partition=message.record.partition,
            offset=message.record.offset,
        )
