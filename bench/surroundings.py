"""The stack that the bench measures on, and small helpers around it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

from deploy.demo.history import LAST, Surroundings, history
from deploy.demo.loading import publish_all
from deploy.demo.register.generator import generate
from deploy.local.polling import polled
from deploy.local.secret_files import ensure_secrets
from deploy.local.throwaway import empty_database
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.sealing import KeyRing
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from shared.database.migrate import upgrade
from shared.ids import pseudonym
from shared.kit import Kit
from shared.secrets import TABLE, Secrets
from shared.settings import GateSettings, Settings

CHECKOUT: Final = Path(__file__).resolve().parents[1]
ROOT: Final = CHECKOUT / ".local" / "bench"
OUT: Final = CHECKOUT / "out" / "bench.json"
DEADLINE: Final = 120.0
FINELY: Final = 0.005
"""Seconds between two looks: the moment at which something comes true is measured."""
GATED: Final = frozenset({"lookup", "claims", "billing"})
"""Services whose requests pass the gate."""


@asynccontextmanager
async def fresh_database(superuser: str, service: str) -> AsyncIterator[str]:
    """An empty, migrated database of a service, dropped afterwards."""
    async with empty_database(superuser) as url:
        await upgrade(service, url.replace("postgresql://", "postgresql+asyncpg://", 1))
        yield url


def all_secrets(root: Path) -> Secrets:
    """Every secret of the stack: the bench plays all parts."""
    ensure_secrets(root / "secrets", [(row.name, row.kind) for row in TABLE])
    return Secrets(root / "secrets")


def synthetic_history(held: Secrets, count: int) -> Iterator[Outgoing]:
    """`count` access events as lookup would have published them."""
    key = held.key("pseudonym")
    dossiers = generate(200, 1, lambda code: pseudonym(key, "client", code))
    around = Surroundings(
        ring=KeyRing(held.seal_keys()),
        pseudonym=lambda code: pseudonym(key, "worker", code),
        clients=[dossier.identity.reveal() for dossier in dossiers],
    )
    return history(count, 1, around)


async def fill_access_events(kafka: str, held: Secrets, count: int) -> None:
    """Provision the topics and publish `count` access events of the synthetic history."""
    await provision(kafka)
    await publish_all(kafka, synthetic_history(held, count))


def kit_for(service: str, kafka: str, database: str, held: Secrets) -> Kit:
    """A kit of a service in this process, whose business clock stands just after the synthetic history."""
    cls = GateSettings if service in GATED else Settings
    clock = held.directory / "clock.json"
    FileClock(clock).stand_at(at_helsinki(LAST + timedelta(days=2)))
    return Kit(
        cls(
            service=service,
            kafka=kafka,
            database=database,
            secrets=held.directory,
            clock_file=clock,
            log_level="ERROR",
        )
    )


async def until(accept: Callable[[], Awaitable[bool]], deadline: float = DEADLINE) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: it did not come.
    """
    async with asyncio.timeout(deadline):
        await polled(accept, FINELY)
