"""The stack that the bench measures on, and small helpers around it."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg

from deploy.demo.history import Surroundings, history
from deploy.demo.loading import publish_all
from deploy.demo.register.generator import generate
from deploy.local.databases import with_database
from deploy.local.secret_files import ensure_secrets
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.database.migrate import upgrade
from shared.ids import pseudonym
from shared.kit import Kit
from shared.secrets import TABLE, Secrets
from shared.settings import Settings

CHECKOUT: Final = Path(__file__).resolve().parents[1]
ROOT: Final = CHECKOUT / ".local" / "bench"
OUT: Final = CHECKOUT / "out" / "bench.json"
DEADLINE: Final = 120.0


@asynccontextmanager
async def fresh_database(superuser: str, service: str) -> AsyncIterator[str]:
    """An empty, migrated database of a service, dropped afterwards."""
    name = f"bench_{service}_{secrets.token_hex(4)}"
    await _execute(superuser, f'create database "{name}"')
    url = with_database(superuser, name)
    try:
        await upgrade(service, url.replace("postgresql://", "postgresql+asyncpg://", 1))
        yield url
    finally:
        await _execute(superuser, f'drop database if exists "{name}" with (force)')


@asynccontextmanager
async def empty_database(superuser: str) -> AsyncIterator[str]:
    """An empty database, dropped afterwards."""
    name = f"bench_{secrets.token_hex(4)}"
    await _execute(superuser, f'create database "{name}"')
    try:
        yield with_database(superuser, name)
    finally:
        await _execute(superuser, f'drop database if exists "{name}" with (force)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def all_secrets(root: Path) -> Secrets:
    """Every secret of the stack: the bench plays all parts."""
    ensure_secrets(root / "secrets", [(row.name, row.kind) for row in TABLE])
    return Secrets(root / "secrets")


async def fill_access_events(kafka: str, held: Secrets, count: int) -> None:
    """Provision the topics and publish `count` access events of the synthetic history."""
    await provision(kafka)
    key = held.key("pseudonym")
    dossiers = generate(200, 1, lambda code: pseudonym(key, "client", code))
    around = Surroundings(
        ring=KeyRing(held.seal_keys()),
        pseudonym=lambda code: pseudonym(key, "worker", code),
        clients=[dossier.identity.reveal() for dossier in dossiers],
    )
    await publish_all(kafka, history(count, 1, around))


def kit_for(service: str, kafka: str, database: str, held: Secrets) -> Kit:
    """A kit of a service in this process."""
    return Kit(Settings(service=service, kafka=kafka, database=database, secrets=held.directory, log_level="ERROR"))


async def until(accept: Callable[[], Awaitable[bool]], deadline: float = DEADLINE) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it did not come.
    """
    async with asyncio.timeout(deadline):
        while not await accept():  # noqa: ASYNC110 - polled finely: the moment it comes true is measured
            await asyncio.sleep(0.005)
