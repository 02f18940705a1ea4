"""Accounts that nobody uses are locked: once a minute on the business clock's day, one account a transaction."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.agreements import store
from services.agreements.domain.idle import first_day_in_use, is_idle, lock
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import UserChanged
from shared.database.repeating import again_and_again

PERIOD_SECONDS: Final = 60.0
ACTOR: Final = "agreements"
"""Who answers in the history for what the service does by itself."""
REASON: Final = "idle for more than 45 days"


class IdleLock:
    """Locks idle accounts. Doing it again, in another process or after a crash, changes nothing more.

    Args:
        engine: The database.
        now: The business clock.
        log: Where trouble is told.
    """

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime], log: BoundLogger) -> None:
        self._engine = engine
        self._now = now
        self._log = log

    async def once(self) -> int:
        """Lock every account that is idle today; return how many were."""
        at = self._now()
        async with self._engine.connect() as conn:
            found = await store.idle_candidates(conn, first_day_in_use(helsinki_date(at)))
        locked = [await self._lock(user, at) for user, _ in found]
        if any(locked):
            self._log.info("idle_accounts_locked", count=sum(locked))
        return sum(locked)

    async def for_ever(self) -> None:
        """Lock now and then every minute; a database that does not answer is tried again."""
        await again_and_again(self.once, PERIOD_SECONDS, self._log, "idle_lock_waits")

    async def _lock(self, candidate: UserChanged, at: datetime) -> bool:
        """Look again under the lock: the worker may have come back meanwhile."""
        day = helsinki_date(at)
        async with store.writing(self._engine) as conn:
            user = await store.account(conn, candidate.organisation, candidate.worker)
            last = await store.last_seen(conn, candidate.organisation, candidate.worker)
            if user is None or not is_idle(user, last, day):
                return False
            await store.append(conn, [lock(user, day)], store.Change(ACTOR, REASON, at))
        return True
