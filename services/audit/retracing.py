"""A database restored from an old copy writes the same log again, before anything new gets a number.

What stood in the log is told on `audit.sequence`, acknowledged before any head over it was signed. So whatever anybody
may have seen a signature of is there. The records themselves are still in their topics; made into entries in the same
order they give the same tree, and the roots say so. Positions stay where the old copy has them: what lies between is
read again by the consumer, known by its ids, and what never got into the log gets in then.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit import store
from services.audit.decoding import decode, on_conflict
from services.audit.domain.leaf import CONFLICT
from services.audit.records import RecordGone, Records
from services.audit.sequence import Told
from shared.bus import inbox
from shared.bus.messages import Delivered
from shared.bus.transaction import Handle, Tx
from shared.bus.waiting import Backoff
from shared.contracts.audit import SequenceAssigned
from shared.contracts.base import Contract
from shared.database.engine import raw
from shared.database.errors import classify

if TYPE_CHECKING:
    from asyncpg import Connection


class LogRefused(Exception):
    """This database cannot go on with the log that was told of: appending or signing would make a second history."""


async def is_behind(conn: "Connection", newest: SequenceAssigned | None) -> bool:
    """Whether the log was already longer than in this database.

    Raises:
        LogRefused: this database holds other entries than were told of.
    """
    if newest is None:
        return False
    tree, _ = await store.committed(conn)
    if newest.size > tree.size:
        return True
    root = tree.root if newest.size == tree.size else await store.assigned_root(conn, newest.size)
    if root is None or root.hex() != newest.root:
        raise LogRefused(
            f"audit.sequence tells of {newest.size} entries with the root {newest.root}, and this database holds others"
        )
    return False


async def _unknown(conn: AsyncConnection, messages: Sequence[Delivered[Contract]]) -> list[Delivered[Contract]]:
    """The messages of a batch, each under the id by which it was logged.

    Contradictions come after the rest, as when they were logged; one whose id something else has got the next one.

    Raises:
        LogRefused: one of them is known already.
    """
    plain = [message for message in messages if message.type != CONFLICT]
    known = (await inbox.sort(conn, plain)).fresh != plain
    found, waiting = list(messages), [place for place, message in enumerate(messages) if message.type == CONFLICT]
    while waiting and not known:
        sorted_ = await inbox.sort(conn, [found[place] for place in waiting])
        known = len(sorted_.fresh) + len(sorted_.conflicts) < len(waiting)
        waiting = [place for place in waiting if found[place] in sorted_.conflicts]
        for place in waiting:
            found[place] = on_conflict(found[place])
    if known:
        raise LogRefused("an event of the entries that are missing is in this database already")
    return found


class Retracing:
    """Brings the log of this database to where it was.

    Args:
        engine: the log's database.
        told: the assignments.
        records: opens a reader of the records themselves.
        append: how a batch becomes entries.
        log: where progress and refusal are told.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        told: Told,
        records: Callable[[], AbstractAsyncContextManager[Records]],
        append: Handle,
        log: BoundLogger,
    ) -> None:
        self._engine = engine
        self._told = told
        self._records = records
        self._append = append
        self._log = log

    async def until_level(self) -> int:
        """Write again what is missing, waiting out every outage; how many entries.

        Raises:
            LogRefused: it cannot be done. Nothing may be appended to this database.
        """
        backoff, written = Backoff(), 0
        while True:
            try:
                async for count in self._missing():
                    written += count
            except (KafkaError, OSError, TimeoutError) as error:
                self._log.warning("retracing_waits", reason=f"{type(error).__name__}: {error}")
            except RecordGone as error:
                raise LogRefused(f"{error}: a newer backup of the database is needed, or one of the topic") from error
            except Exception as error:
                if classify(error) != "transient":
                    raise
                self._log.warning("retracing_waits", reason=type(error).__name__)
            else:
                return written
            await backoff.wait()

    async def _missing(self) -> AsyncIterator[int]:
        newest = await self._told.newest()
        async with self._engine.connect() as conn:
            connection = await raw(conn)
            if not await is_behind(connection, newest):
                return
            tree, _ = await store.committed(connection)
        self._log.warning("log_retraced", begin=tree.size, end=None if newest is None else newest.size)
        async with self._records() as records:
            async for assigned in self._told.after(tree.size):
                yield await self._write_again(records, assigned)

    async def _write_again(self, records: Records, assigned: SequenceAssigned) -> int:
        """One batch, in one transaction."""
        messages: list[Delivered[Contract]] = []
        for run in assigned.runs:
            for record in await records.of(run):
                message = decode(record)
                messages.append(on_conflict(message) if run.conflict else message)
        async with self._engine.begin() as conn:
            tx = Tx(conn)
            await self._take(tx, conn, assigned, messages)
            await tx.flush()
        for action in tx.afterwards:
            await action()
        return len(messages)

    async def _take(
        self, tx: Tx, conn: AsyncConnection, assigned: SequenceAssigned, messages: list[Delivered[Contract]]
    ) -> None:
        head = (await store.lock_head(await tx.raw())).tree
        if head.size != assigned.first:
            raise LogRefused(
                f"the next entry is {head.size}, and audit.sequence goes on at {assigned.first}: "
                "a newer backup of the database is needed"
            )
        await self._append(tx, await _unknown(conn, messages))
        tree, _ = await store.committed(await tx.raw())
        if (tree.size, tree.root.hex()) != (assigned.size, assigned.root):
            raise LogRefused(
                f"the records of the entries {assigned.first} to {assigned.size - 1} do not give what was logged"
            )
