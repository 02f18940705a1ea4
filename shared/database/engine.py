"""Engines and the raw asyncpg connection of a running transaction."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Generic, Self, TypeVar, cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from shared.settings import Settings

if TYPE_CHECKING:
    from asyncpg import Connection

T = TypeVar("T")
TURNS_TO_SEND: Final = 3
"""Turns of the event loop after which a statement has left: what is written in a turn is sent after it."""


def make_engine(settings: Settings) -> AsyncEngine:
    """The engine of a service. Connections are tested before use, so that a restarted server is no error."""
    return create_async_engine(
        settings.database_url(),
        pool_size=settings.database_pool,
        max_overflow=0,
        pool_pre_ping=False,
        pool_timeout=10,
        hide_parameters=True,  # what is bound may be personal, and errors are logged
        connect_args={
            "timeout": 10,
            "command_timeout": 60,
            "server_settings": {"application_name": f"kelmu-{settings.service}", "jit": "off"},
        },
    )


async def raw(conn: AsyncConnection) -> "Connection":
    """The asyncpg connection under a SQLAlchemy one, inside the same transaction: COPY and binary arrays.

    SQLAlchemy begins the database's transaction only at its first own statement; without one, what is written
    through the raw connection would commit by itself and survive a rollback.
    """
    fairy = await conn.get_raw_connection()
    connection = cast("Connection", fairy.driver_connection)
    if conn.in_transaction() and not connection.is_in_transaction():
        await conn.execute(text("select 1"))
    return connection


@asynccontextmanager
async def driver(engine: AsyncEngine) -> "AsyncIterator[Connection]":
    """An asyncpg connection from the engine's pool, outside any transaction: for single statements on hot paths.

    One statement is one round trip, prepared once a connection. A connection that fails is given up, so that a
    restarted server is found again at the next call.
    """
    async with engine.connect() as conn:
        connection = await raw(conn)
        if connection.is_closed():
            await conn.invalidate()
            connection = await raw(conn)
        try:
            yield connection
        except BaseException:
            # Whatever happened to it on the way, it does not go back into the pool.
            await conn.invalidate()
            raise


async def copy_rows(
    conn: AsyncConnection, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    """COPY rows into a table within the connection's transaction: the fastest way in."""
    connection = await raw(conn)
    await connection.copy_records_to_table(table, columns=list(columns), records=rows)


class Ahead(Generic[T]):
    """At most one statement on its way, while its caller prepares the next: neither waits for the other's work.

    Used as a context, around everything that uses the connection: after it nothing is on its way, however it ended.

    Attributes:
        results: of the statements that are done, in their order.
    """

    def __init__(self) -> None:
        self.results: list[T] = []
        self._task: asyncio.Task[T] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: object) -> None:
        if kind is None:
            await self.free()
        elif self._task is not None:
            # Its own failure is no news any more: the transaction is given up.
            await asyncio.gather(self._task, return_exceptions=True)

    async def free(self) -> None:
        """Wait until the connection can be used."""
        if self._task is not None:
            task, self._task = self._task, None
            try:
                self.results.append(await task)
            except asyncio.CancelledError:
                await asyncio.gather(task, return_exceptions=True)
                raise

    async def begin(self, statement: Coroutine[object, object, T]) -> None:
        """Start a statement after the one before, and return once it has left.

        Without the turns in between, the caller's next stretch of work would keep the statement in this process.
        """
        try:
            await self.free()
        except BaseException:
            statement.close()
            raise
        self._task = asyncio.ensure_future(statement)
        for _ in range(TURNS_TO_SEND):
            await asyncio.sleep(0)
