"""When each emergency override (sosiaalipäivystys) began. Nothing here names a worker or a client."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

CARRIES: Final = timedelta(hours=24)
"""How long an override carries; what comes later is another one, with a reason of its own."""

# A beginning in the future was made by a business clock that has gone back since: it is begun anew.
_BEGAN = text(
    "insert into override as known (key, began) values (:key, :now)"
    " on conflict (key) do update set began = case"
    "   when known.began <= excluded.began and excluded.began < known.began + :carries then known.began"
    "   else excluded.began end"
    " returning began"
)
_PURGE = text("delete from override where began <= :since")


class OverrideStore:
    """Beginnings of emergency overrides, by a keyed hash of worker, organisation and client."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def began(self, key: bytes, now: datetime) -> datetime:
        """When the override of this key began: now, unless one within the last 24 hours is still carrying.

        Args:
            key: What the override is of.
            now: Business clock.
        """
        async with self._engine.connect() as connection:
            found: datetime = (
                await connection.execute(_BEGAN, {"key": key, "now": now, "carries": CARRIES})
            ).scalar_one()
        return found

    async def purge(self, now: datetime) -> int:
        """Forget overrides that carry no more (business clock); returns how many."""
        async with self._engine.connect() as connection:
            return (await connection.execute(_PURGE, {"since": now - CARRIES})).rowcount
