"""The stage of the demonstration: a fresh local stack, the business clock, and ways to look behind the scenes."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import asyncpg

from deploy.demo.agreements.sign_in import sign_in_table
from deploy.demo.operating import DemonstrationFailed, kelmu
from deploy.local.lock import Lock
from deploy.local.polling import polled
from deploy.local.services import SERVICES, ServiceSpec
from deploy.local.stack import LOCAL, LocalStack
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from shared.secrets import Secrets

ROOT: Final = LOCAL / "demo"
BEGINNING: Final = at_helsinki(date(2016, 12, 31), time(23, 59, 30))
"""Where the business clock stands while everything is loaded."""
DEADLINE: Final = 120.0
SESSION_MINUTES: Final = 1
STALE_SECONDS: Final = 6
"""Tighter than in earnest, so that the demonstration can show within half a minute what staleness refuses."""
IMPATIENT: Final[Mapping[str, Mapping[str, str]]] = {
    "lookup": {
        "KELMU_SESSION_MINUTES": str(SESSION_MINUTES),
        "KELMU_AUDIT_STALE_SECONDS": str(STALE_SECONDS),
        "KELMU_AGREEMENTS_STALE_SECONDS": "14",
    },
}


def impatient_services() -> list[ServiceSpec]:
    """The services, with limits short enough to be shown."""
    return [replace(spec, environment={**spec.environment, **IMPATIENT.get(spec.name, {})}) for spec in SERVICES]


class Stage:
    """Everything the story needs around it."""

    def __init__(self, root: Path, out: Path, services: Sequence[ServiceSpec], begins: datetime) -> None:
        self.root = root
        self.out = out
        self.clock = FileClock(root / "clock.json")
        self.stack = LocalStack(root=root, services=services)
        self._begins = begins
        self._connections: dict[str, asyncpg.Connection] = {}

    async def __aenter__(self) -> Self:
        """Begin on an empty stage; a demonstration that is still running is left alone."""
        lock = Lock(self.root / "lock")
        lock.take()
        lock.release()
        shutil.rmtree(self.root, ignore_errors=True)
        shutil.rmtree(self.out, ignore_errors=True)
        self.out.mkdir(parents=True)
        self.root.mkdir(parents=True)
        self.clock.stand_at(self._begins)
        (self.root / "workers.json").write_text(sign_in_table(), encoding="utf-8")
        await self.stack.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything that was started."""
        for connection in self._connections.values():
            await connection.close()
        await self.stack.__aexit__(kind, error, trace)

    @property
    def secrets(self) -> Secrets:
        """All secrets of the stack: the story plays the upstream register and the auditor too."""
        return Secrets(self.stack.secrets)

    async def rows(self, service: str, sql: str) -> list[asyncpg.Record]:
        """Rows from a service's database, as its own role, connected anew where the database was restarted."""
        known = self._connections.get(service)
        if known is None or known.is_closed():
            known = self._connections[service] = await asyncpg.connect(self.stack.databases[service])
        return list(await known.fetch(sql))

    async def number(self, service: str, sql: str) -> int:
        """One count."""
        return int((await self.rows(service, sql))[0][0])

    async def column(self, service: str, sql: str) -> list[str]:
        """One column."""
        return [str(row[0]) for row in await self.rows(service, sql)]

    async def tally(self, service: str, sql: str) -> dict[str, int]:
        """Counts by name: the first column names, the second counts."""
        return {str(name): int(count) for name, count in await self.rows(service, sql)}

    async def kelmu(self, *arguments: str, accept: Sequence[int] = (0,)) -> tuple[int, str]:
        """Run a `kelmu` command against this stack (`operating.kelmu`)."""
        return await kelmu(self.root, *arguments, accept=accept)


async def until(what: str, probe: Callable[[], Awaitable[bool]], deadline: float = DEADLINE) -> None:
    """Wait for something to become true.

    Raises:
        DemonstrationFailed: it did not within the deadline.
    """
    try:
        async with asyncio.timeout(deadline):
            await polled(probe, 0.1)
    except TimeoutError as error:
        raise DemonstrationFailed(f"{what}: not within {deadline:.0f} s") from error


def helsinki_instant(day: date, hour: int, minute: int = 0) -> datetime:
    """An instant by its civil time."""
    return at_helsinki(day, time(hour, minute))
