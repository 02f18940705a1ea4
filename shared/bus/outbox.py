"""The outbox: messages written in the transaction of their effect, published afterwards by one relay a service.

Contract of the relay: takes unsent rows in id order, never by "id greater than the last seen" (ids are given before
their transactions commit, so a lower id may appear later); publishes; marks them sent. On any failure it stops and
begins again at the first unsent row, so order per key holds and nothing is lost; a message may be published twice,
with the same id and bytes. The writer locks its aggregate before it inserts, so that rows of one key commit in order.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged, Publisher
from shared.bus.waiting import Backoff
from shared.database.engine import raw
from shared.database.errors import classify

BATCH: Final = 1000
POLL_SECONDS: Final = 1.0
"""A wake-up may be missed while reconnecting; this bounds how long a row can wait for it."""

_INSERT: Final = """
    insert into outbox (topic, key, event_id, type, source, time, body)
    select * from unnest($1::text[], $2::bytea[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::bytea[])
"""
_UNSENT: Final = text(
    f"""
    select id, topic, key, event_id, type, source, time, body from outbox
    where sent_at is null order by id limit {BATCH}
    """
)


async def write(conn: AsyncConnection, messages: Sequence[Outgoing]) -> None:
    """Add messages to the outbox, in order, in the caller's transaction."""
    if not messages:
        return
    connection = await raw(conn)
    await connection.execute(
        _INSERT,
        [m.topic for m in messages],
        [m.key for m in messages],
        [m.id for m in messages],
        [m.type for m in messages],
        [m.source for m in messages],
        [m.time for m in messages],
        [m.body for m in messages],
    )


async def unsent(conn: AsyncConnection) -> int:
    """How many messages wait to be published."""
    return int(await conn.scalar(text("select count(*) from outbox where sent_at is null")) or 0)


class OutboxRelay:
    """Publishes the outbox of one service. Run it in the one process that leads (`shared.database.leader`)."""

    def __init__(self, engine: AsyncEngine, publisher: Publisher, log: BoundLogger) -> None:
        self._engine = engine
        self._publisher = publisher
        self._log = log

    async def drain(self) -> int:
        """Publish one batch of what is unsent; how many.

        Raises:
            NotAcknowledged: nothing of the batch was marked; the next call sends it again.
        """
        async with self._engine.connect() as conn:
            rows = (await conn.execute(_UNSENT)).all()
        if not rows:
            return 0
        await self._publisher.publish_many(
            [Outgoing(r.topic, r.key, r.event_id, r.type, r.source, r.time, r.body) for r in rows]
        )
        async with self._engine.begin() as conn:
            await conn.execute(
                text("update outbox set sent_at = now() where id = any(:ids)"), {"ids": [r.id for r in rows]}
            )
        return len(rows)

    async def run(self) -> None:
        """Publish for ever, woken by the database; outages are waited out."""
        backoff = Backoff()
        while True:
            try:
                async with self._engine.connect() as listening:
                    wake = await self._listen(listening)
                    while True:
                        wake.clear()
                        while await self.drain():
                            backoff.reset()
                        await self._wait(wake, listening)
            except NotAcknowledged as error:
                self._log.warning("outbox_waits", reason=str(error))
            except Exception as error:
                if classify(error) != "transient":
                    raise
                self._log.warning("outbox_waits", reason=type(error).__name__)
            await backoff.wait()

    @staticmethod
    async def _listen(conn: AsyncConnection) -> asyncio.Event:
        wake = asyncio.Event()
        connection = await raw(conn)
        await connection.add_listener("outbox", lambda *_: wake.set())
        return wake

    @staticmethod
    async def _wait(wake: asyncio.Event, listening: AsyncConnection) -> None:
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await wake.wait()
        except TimeoutError:
            # Proves that the listening connection still lives; a dead one raises and is replaced.
            await (await raw(listening)).execute("select 1")
