"""A closing of 311 that is killed (SIGKILL) issues nothing twice and skips nobody."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid5

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.billing.domain.usage import Usage
from services.billing.store.usage import record_usage
from shared.clock.business import FileClock
from tests.harness.consuming import until
from tests.integration.billing.year import IDS, NEW_YEAR, ROOT, agreement, check, close, know, organisation, stored

ALL = 311
START = 60.0
"""Seconds: a process starts within them on a machine that is busy with other tests."""
COMMAND = (sys.executable, "-c", "from services.billing.commands import app; app()", "close", "2016-12")
NUMBER_TAKEN = text(
    "insert into invoice (number, series, year, sequence, kind, agreement, payer, book, period, total, due, issued_at, "
    "document, digest) values ('K2017-00150', 'K', 2017, 150, 'correction', 'A', :payer, 'B', 'P', 1, now(), now(), "
    "'', encode(sha256(''), 'hex'))"
)
LAST_STEP = text("lock table closing in share mode")


async def municipalities(engine: AsyncEngine) -> None:
    """As many agreements as there are municipalities in 2017, each with a look-up in December 2016."""
    base = agreement("091")
    time, day = datetime(2016, 12, 1, 8, tzinfo=UTC), date(2016, 12, 1)
    names = [f"A-{number:03}" for number in range(ALL)]
    await know(engine, organisation("091"), *(base.model_copy(update={"id": name}) for name in names))
    uses = [Usage(uuid5(ROOT, name), name, "091", "QUERY_PERSON", time, day, f"v1.{name}") for name in names]
    async with engine.begin() as conn:
        await record_usage(conn, uses)


@asynccontextmanager
async def closing(environment: dict[str, str], log: Path) -> AsyncIterator[Process]:
    """`kelmu billing close 2016-12` as a process of its own; whatever happens, it is killed."""
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(*COMMAND, env=environment, stdout=output, stderr=output)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def count(conn: AsyncConnection, sql: str) -> int:
    return int(await conn.scalar(text(sql)) or 0)


async def ask(engine: AsyncEngine, sql: str) -> int:
    async with engine.connect() as conn:
        return await count(conn, sql)


WAITING = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
SESSIONS = (
    "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'kelmu-billing'"
)


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    FileClock(tmp_path / "clock.json").stand_at(NEW_YEAR)
    settings = {
        "KELMU_KAFKA": "127.0.0.1:9",
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(tmp_path),
        "KELMU_CLOCK_FILE": str(tmp_path / "clock.json"),
    }
    return {**os.environ, **settings}


async def test_a_closing_killed_in_the_middle_and_at_its_last_step_issues_each_of_311_once_when_run_again(
    engine: AsyncEngine, environment: dict[str, str], tmp_path: Path
) -> None:
    await municipalities(engine)
    log = tmp_path / "closing.log"
    for held in (NUMBER_TAKEN, LAST_STEP):
        async with engine.connect() as holder:
            await holder.execute(held, {"payer": IDS["091"]} if held is NUMBER_TAKEN else {})
            async with closing(environment, log):
                await until(lambda: ask(engine, WAITING), bool, START)
            await holder.rollback()
        await until(lambda: ask(engine, SESSIONS), lambda left: not left)
        assert await ask(engine, "select count(*) from invoice") == 0, log.read_text()
        assert await ask(engine, "select count(*) from outbox") == 0

    assert len((await close(engine)).issued) == ALL
    again = await close(engine)
    assert (again.issued, len(again.already)) == ([], ALL)
    documents = [one.invoice for one in await stored(engine)]
    assert [one.sequence for one in documents] == list(range(1, ALL + 1))
    assert len({one.agreement for one in documents}) == ALL
    assert await ask(engine, "select count(distinct event_id) from outbox") == ALL
    assert (await check(engine)).differences == {}
