"""Retention (säilytysaika): personal parts that are too old are erased by destroying their keys.

Once a key is destroyed there is nothing left to destroy, so that a month is erased and told exactly once, whoever is
killed on the way; what comes late for a month that was erased is erased and told by itself. Leaves stay as they are,
and the log verifies as before. Backups must be let expire as after every erasure.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit.handlers import UNDATED
from services.audit.settings import AuditSettings
from services.audit.store import retention as store
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import AUDIT_ALERTS
from shared.clock.civil import Month, month_of
from shared.contracts.completeness import PersonalPartsErased
from shared.database.engine import raw
from shared.database.repeating import again_and_again
from shared.ids import event_id
from shared.kit import Kit

PERIOD_SECONDS: Final = 600.0
_YEAR: Final = 12


class Retention:
    """Erases what is too old.

    Args:
        engine: The database.
        years: How long personal parts are kept.
        now: Business clock.
        log: Where it is told.
    """

    def __init__(self, engine: AsyncEngine, years: int, now: Callable[[], datetime], log: BoundLogger) -> None:
        self._engine = engine
        self._years = years
        self._now = now
        self._log = log

    async def once(self) -> list[Month]:
        """Erase every month whose time is over; the months."""
        now = self._now()
        first_kept = month_of(now).plus(-self._years * _YEAR)
        async with self._engine.connect() as conn:
            due = await store.months_before(await raw(conn), first_kept, UNDATED)
        return [month for month in due if await self._erase(month, now)]

    async def for_ever(self) -> None:
        """Do what is due now and then again; a database that does not answer is tried again."""
        await again_and_again(self.once, PERIOD_SECONDS, self._log, "retention_waits")

    async def _erase(self, month: Month, now: datetime) -> bool:
        async with self._engine.begin() as conn:
            keys, run = await store.destroy_month(await raw(conn), month, now)
            if keys:
                body = PersonalPartsErased(month=month, keys=keys, years=self._years, time=now)
                id_ = event_id("audit-retention", str(month), str(run))
                await outbox.write(conn, [Outgoing.of(AUDIT_ALERTS, str(month), id_, body, source="audit", time=now)])
        if keys:
            self._log.info("personal_parts_erased", month=str(month), keys=keys)
        return bool(keys)


def erase_in_time(kit: Kit, settings: AuditSettings) -> None:
    """Let the process that leads erase what is too old."""
    retention = Retention(kit.engine, settings.retention_years, kit.clock.now, kit.log)
    kit.background("retention", kit.led("retention", retention.for_ever))
