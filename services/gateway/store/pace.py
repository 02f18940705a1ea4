"""How many calls each agreement's systems have made in each minute: one row counts for all gateways."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_TAKE = text(
    "insert into interface_pace as known (agreement, minute, calls) values (:agreement, :minute, 1)"
    " on conflict (agreement, minute) do update set calls = known.calls + 1 where known.calls < :limit"
    " returning calls"
)
_PURGE = text("delete from interface_pace where minute < :before")


class PaceStore:
    """Calls over the interface by agreement and minute."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def take(self, agreement: str, minute: datetime, limit: int) -> bool:
        """Count one call of the minute, unless the limit (at least one) is used up.

        Returns:
            Whether the call may be made. The row's lock makes the count exact however many gateways ask at once.
        """
        values = {"agreement": agreement, "minute": minute, "limit": limit}
        async with self._engine.connect() as connection:
            return (await connection.execute(_TAKE, values)).first() is not None

    async def purge(self, before: datetime) -> int:
        """Delete the counts of minutes that have passed; returns how many."""
        async with self._engine.connect() as connection:
            return (await connection.execute(_PURGE, {"before": before})).rowcount
