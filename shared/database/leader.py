"""Leadership: of several processes of a service, one does the single-writer work; the others stand by.

A session-level advisory lock: the database gives it up when the leader's connection ends, however it ends.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.bus.waiting import Backoff
from shared.database.errors import classify

STANDBY_SECONDS: Final = 0.5
CHECK_SECONDS: Final = 1.0


class LeadershipLost(Exception):
    """The connection that held the lock is gone: whoever led must stop at once, another may lead already."""


def _lock_key(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


class Leader:
    """The lock of one role in one database, e.g. `outbox` of billing."""

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._key = _lock_key(name)

    @asynccontextmanager
    async def lead(self) -> AsyncIterator[AsyncConnection]:
        """Wait until this process leads; the lock is held inside the block, on the connection it yields."""
        conn = await self._acquire()
        try:
            yield conn
        finally:
            await conn.invalidate()
            await conn.close()

    async def watch(self, conn: AsyncConnection) -> None:
        """Run beside the leading work.

        Raises:
            LeadershipLost: as soon as the lock's connection fails.
        """
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            try:
                async with asyncio.timeout(10):
                    await conn.execute(text("select 1"))
            except Exception as error:
                raise LeadershipLost("the connection that holds the leader's lock is gone") from error

    async def _acquire(self) -> AsyncConnection:
        backoff = Backoff()
        while True:
            try:
                conn = await self._engine.connect()
                conn = await conn.execution_options(isolation_level="AUTOCOMMIT")
                take = text("select pg_try_advisory_lock(:key)")
                while not await conn.scalar(take, {"key": self._key}):  # noqa: ASYNC110 - a lock held elsewhere tells nobody
                    await asyncio.sleep(STANDBY_SECONDS)
            except Exception as error:
                if classify(error) != "transient":
                    raise
                await backoff.wait()
            else:
                return conn
