"""Alembic for every service: one room of migrations each, one way to run them.

A service's `migrations/env.py` is two lines; its versions are plain SQL, so that what will run can be read.
"""

from importlib import import_module
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from sqlalchemy import URL, Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def _run(connection: Connection) -> None:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def run_env() -> None:
    """What a service's `migrations/env.py` calls: run on the connection that `upgrade` passes."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrations run through `kelmu migrate`, which names the database")
    _run(connection)


async def upgrade(service: str, url: URL | str) -> None:
    """Bring a service's database to its newest version. Safe to run again, and by two at once: the second waits."""
    package = import_module(f"services.{service}")
    folder = Path(str(package.__file__)).parent / "migrations"
    config = Config()
    config.set_main_option("script_location", str(folder))
    engine = create_async_engine(url, poolclass=NullPool, hide_parameters=True)

    def run(connection: Connection) -> None:
        # Held until this session ends, which it does right after: an unlock here would fail in the aborted
        # transaction of a failed migration and hide its error.
        connection.exec_driver_sql("select pg_advisory_lock(7236173)")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        async with engine.connect() as conn:
            await conn.run_sync(run)
            await conn.commit()
    finally:
        await engine.dispose()
