"""Generic reports, made on the 1st at 06:00 of Helsinki (business clock), each month once, also after a restart.

A month is taken by its row, and its reports are kept in the same transaction: whoever is killed on the way leaves
nothing, and whoever comes second finds the row. Months missed while nobody ran are made up, as far back as reports are
kept. Nothing is made before everything published so far is in the log, because a report is never made again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.audit.domain.generic_report import GenericReport, Surroundings, Use, generic_report
from services.audit.domain.idling import idle_accounts
from services.audit.domain.indicators import Indicators, WorkingHours
from services.audit.domain.use import Key, Tally
from services.audit.store import reports
from shared.clock.civil import Month, at_helsinki, month_of
from shared.database.engine import raw
from shared.database.repeating import again_and_again
from shared.directory.model import Directory
from shared.finnish.banking_days import holidays_of

if TYPE_CHECKING:
    from asyncpg import Connection

PERIOD_SECONDS: Final = 5.0
T = TypeVar("T", GenericReport, Use)
CaughtUp = Callable[[], Awaitable[bool]]
"""Whether everything that was published when it was asked is in the log."""
GapsOf = Callable[["Connection", Month], Awaitable[int | None]]
"""How many log events of a month were found missing; None when it was not compared."""


async def not_compared(_conn: "Connection", _month: Month) -> int | None:
    """No comparison is known."""
    return None


def due_months(now: datetime, first: Month, made: Iterable[Month], table: Indicators) -> list[Month]:
    """Months whose reports are due and not made, the oldest first.

    Args:
        now: Business clock.
        first: The first month of the log.
        made: Months that are made.
        table: When reports are ready and how long they are kept.
    """
    by = table.settings
    here = month_of(now)
    ready = at_helsinki(here.first, time(by.ready_hour))
    last = here.plus(-1) if now >= ready else here.plus(-2)
    kept = here.plus(-by.kept_months)
    done = set(made)
    return [month for month in max(first, kept).until(last) if month not in done]


class Reporting:
    """Makes the reports of a month.

    Args:
        table: What the reports tell.
        hours: Working hours of units.
        gaps_of: What comparing the month brought.
    """

    def __init__(self, table: Indicators, hours: WorkingHours, gaps_of: GapsOf = not_compared) -> None:
        self._table = table
        self._hours = hours
        self._gaps_of = gaps_of

    async def make(self, conn: "Connection", month: Month, made: datetime) -> list[GenericReport]:
        """The reports of a month, from what the log holds now. Inside a transaction; keeps nothing.

        Args:
            conn: The database.
            month: Of which month.
            made: Business clock.
        """
        by, size = self._table.settings, await reports.size(conn)
        tally = await self._counted(conn, month, size)
        records = await reports.records_until(conn, month.ends_before, size)
        earlier = await reports.reports_of(conn, month.plus(-by.trend_months), month.plus(-1))
        gaps = await self._gaps_of(conn, month)

        def build() -> list[GenericReport]:
            idle = idle_accounts(Directory(records), tally.active, month.last, by.idle_days)
            uses, before = _by_key(tally.uses()), _by_key(earlier)
            return [
                generic_report(
                    month,
                    *key,
                    uses.get(key, ()),
                    Surroundings(
                        idle_accounts=idle.get(key, 0),
                        gaps=gaps,
                        overrides=tally.overrides.get(key, ()),
                        earlier=before.get(key, ()),
                        made=made,
                        log_size=size,
                    ),
                    by,
                )
                for key in sorted(uses.keys() | idle.keys())
            ]

        # On a thread of its own: a month of many users takes seconds, and this process signs four times a second.
        return await asyncio.to_thread(build)

    async def _counted(self, conn: "Connection", month: Month, size: int) -> Tally:
        """The entries of the month, and of the days before it in which use keeps an account from being idle."""
        tally = Tally(month, self._hours, holidays_of(month.year))
        first = min(month.last - timedelta(days=self._table.settings.idle_days), month.first)
        async for rows in reports.looked_in(conn, first, month.last, size):
            for row in rows:
                tally.take(*row)
        return tally


def _by_key(found: Iterable[T]) -> dict[Key, list[T]]:
    keyed = defaultdict[Key, list[T]](list)
    for one in found:
        keyed[one.organisation, one.municipality].append(one)
    return keyed


class Maker(Protocol):
    """Makes reports."""

    async def make(self, conn: "Connection", month: Month, made: datetime) -> list[GenericReport]:
        """The reports of a month."""
        ...


class ReportTimer:
    """Makes what is due.

    Args:
        engine: The database.
        now: Business clock.
        reporting: Makes reports.
        table: When they are due and how long they are kept.
        caught_up: Whether the log has everything.
        log: Where trouble is told.
    """

    def __init__(
        self,
        *,
        engine: AsyncEngine,
        now: Callable[[], datetime],
        reporting: Maker,
        table: Indicators,
        caught_up: CaughtUp,
        log: BoundLogger,
    ) -> None:
        self._engine = engine
        self._now = now
        self._reporting = reporting
        self._table = table
        self._caught_up = caught_up
        self._log = log
        self._first: Month | None = None
        """Of the log; asked for once, for that reads all of it."""

    async def once(self) -> list[Month]:
        """Make the reports of every month that is due, and delete those past their time; the months made."""
        now = self._now()
        due = await self._due(now)
        if due and not await self._caught_up():
            self._log.warning("reports_wait", month=str(due[0]), reason="the log is behind what was published")
            return []
        return [month for month in due if await self._make(month, now)]

    async def for_ever(self) -> None:
        """Do what is due now and then every few seconds; a database that does not answer is tried again."""

        async def make() -> None:
            for month in await self.once():
                self._log.info("generic_reports_made", month=str(month))

        await again_and_again(make, PERIOD_SECONDS, self._log, "reports_wait")

    async def _due(self, now: datetime) -> list[Month]:
        async with self._engine.begin() as connection:
            conn = await raw(connection)
            await reports.forget(conn, month_of(now).plus(-self._table.settings.kept_months))
            made = await reports.made_months(conn)
            if not due_months(now, Month.of(date.min), made, self._table):
                return []
            self._first = self._first or await reports.first_month(conn)
        return [] if self._first is None else due_months(now, self._first, made, self._table)

    async def _make(self, month: Month, now: datetime) -> bool:
        async with self._engine.begin() as connection:
            conn = await raw(connection)
            if not await reports.begin(conn, month, now):
                return False
            await reports.keep(conn, await self._reporting.make(conn, month, now))
        return True
