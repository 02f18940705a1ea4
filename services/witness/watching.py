"""Readiness: a witness that has refused something is not ready until a person has said why that came about."""

import asyncio
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.witness import store
from shared.bus.waiting import Backoff
from shared.database.engine import driver
from shared.database.errors import classify

EVERY_SECONDS: Final = 2.0


class Alarm:
    """What stands open, read from the database so that every instance and a restarted one knows it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._trouble: str | None = "has not looked yet whether refusals stand open"

    def trouble(self) -> str | None:
        """Why the witness is not ready; None when no refusal stands open."""
        return self._trouble

    async def look(self) -> None:
        """Look once."""
        async with driver(self._engine) as conn:
            found = await store.open_refusals(conn)
        first = f"the log's checkpoint was refused ({found[0].finding}): {found[0].reason}" if found else None
        self._trouble = first

    async def for_ever(self) -> None:
        """Look again and again; an outage of the database is waited out, and what was known stands."""
        backoff = Backoff()
        while True:
            try:
                await self.look()
            except Exception as error:
                if classify(error) != "transient":
                    raise
                await backoff.wait()
            else:
                backoff = Backoff()
                await asyncio.sleep(EVERY_SECONDS)
