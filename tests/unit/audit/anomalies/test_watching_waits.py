"""While the log works off a backlog, looking for anomalies takes a turn now and then; else it goes straight on."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import pytest
import structlog
from sqlalchemy.ext.asyncio import create_async_engine

from services.audit.domain.anomalies.limits import default_limits
from services.audit.watching import Watcher
from shared.bus.sealing import KeyRing

TURNS: Final = 20


class Counting(Watcher):
    """Always has more to look at; counts how often it looked."""

    looked = 0

    async def tick(self) -> bool:
        self.looked += 1
        await asyncio.sleep(0)
        return True


@pytest.mark.parametrize("busy", [True, False])
async def test_given_a_backlog_then_one_look_is_followed_by_a_pause(*, busy: bool) -> None:
    watcher = Counting(
        engine=create_async_engine("postgresql+asyncpg://nowhere/none"),
        limits=default_limits(),
        ring=KeyRing({}),
        pseudonym_key=b"k",
        now=lambda: datetime(2016, 12, 20, tzinfo=UTC),
        log=structlog.get_logger("test"),
        busy=lambda: busy,
    )
    running = asyncio.create_task(watcher.run())
    for _ in range(TURNS):
        await asyncio.sleep(0)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert watcher.looked == 1 if busy else watcher.looked > TURNS // 2 - 2
