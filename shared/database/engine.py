"""Engines and the raw asyncpg connection of a running transaction."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, TypeVar, cast

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


async def begun(statement: Coroutine[object, object, T]) -> asyncio.Task[T]:
    """Start a statement and return once it has left, so that the database works while the caller goes on.

    The task is awaited before the connection is used again. Without the turns in between, the caller's next stretch of
    work would keep the statement in this process.
    """
    task = asyncio.ensure_future(statement)
    try:
        for _ in range(TURNS_TO_SEND):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        # The caller never gets the task, so nobody else would end it before the connection is used again.
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task
