"""Emergency overrides as `access.alerts` tells of them, for the log supervisors. No client's data."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_ADD = text(
    "insert into alert (access_event, time, organisation, member, worker)"
    " values (:access_event, :time, :organisation, :member, :worker) on conflict (access_event) do nothing"
)
_NEWEST = text(
    "select access_event, time, organisation, member, worker from alert"
    " where organisation = any(:organisations) order by time desc, access_event limit :limit"
)
_PURGE = text("delete from alert where received < :before")


@dataclass(frozen=True, slots=True)
class Alert:
    """One use of the emergency override."""

    access_event: UUID
    time: datetime
    organisation: str
    member: str
    worker: str
    """Pseudonym."""


async def add_alerts(connection: AsyncConnection, alerts: Sequence[Alert]) -> None:
    """Keep alerts, each once, in the caller's transaction."""
    await connection.execute(_ADD, [asdict(alert) for alert in alerts])


class AlertStore:
    """What log supervisors are shown."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def newest(self, organisations: Collection[str], limit: int) -> tuple[Alert, ...]:
        """The newest alerts of these organisations, newest first."""
        values = {"organisations": sorted(organisations), "limit": limit}
        async with self._engine.connect() as connection:
            return tuple(Alert(*row) for row in await connection.execute(_NEWEST, values))

    async def purge(self, before: datetime) -> int:
        """Delete alerts received before an instant (system clock); returns how many."""
        async with self._engine.connect() as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount
