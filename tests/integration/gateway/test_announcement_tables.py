"""Announcements and fault reports in a real PostgreSQL: history only grows, and the same form counts once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from typer.testing import CliRunner

from services.gateway.domain.announcing import Announcement, Change, Version
from services.gateway.fault_commands import app
from services.gateway.keeping import NewsBoard, form_key
from services.gateway.store.news import AnnouncementStore, FaultStore, NewFault
from shared.contracts.base import Text

NOW = datetime(2016, 12, 31, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = Text(fi="suomeksi", sv="på svenska", en="in English")
NOTICE = Announcement(UUID(int=1), 1, "notice", WORDS, WORDS, NOW, None)
CHANGE = Change("v1.worker", "uusi", NOW)


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    engine = create_async_engine(make_url(database).set(drivername="postgresql+asyncpg"), pool_size=5)
    yield engine
    await engine.dispose()


def fault(key: str, worker: str = "v1.worker") -> NewFault:
    return NewFault(form_key(worker, key), "0211675-2", worker, "search", "Haku ei vastaa", NOW)


async def test_every_version_is_kept_and_the_newest_stands(engine: AsyncEngine) -> None:
    store = AnnouncementStore(engine)
    second = replace(NOTICE, version=2, title=Text(fi="uusi", sv="ny", en="new"), last=NOW + HOUR)
    board = NewsBoard(store, lambda: NOW)
    assert await store.add(NOTICE, CHANGE, b"a" * 32) == "kept"
    assert board.of_every_page() == ()
    await board.refresh()
    assert board.of_every_page() == (NOTICE,)
    assert await store.add(second, replace(CHANGE, reason="tarkennus"), b"b" * 32) == "kept"
    assert await store.current() == (Version(second, replace(CHANGE, reason="tarkennus")),)
    assert await store.history(NOTICE.id) == (*await store.current(), Version(NOTICE, CHANGE))


async def test_of_two_changes_of_one_version_at_once_one_is_kept(engine: AsyncEngine) -> None:
    store = AnnouncementStore(engine)
    told = await asyncio.gather(*(store.add(NOTICE, CHANGE, bytes([n]) * 32) for n in (1, 2)))
    assert sorted(told) == ["kept", "stale"]
    again = await asyncio.gather(*(store.add(NOTICE, CHANGE, bytes([n]) * 32) for n in (1, 2)))
    assert sorted(again) == ["repeated", "stale"]


@pytest.mark.parametrize("table", ["announcement_version", "fault_report", "fault_step"])
@pytest.mark.parametrize("act", ["delete from {}", "truncate {} cascade", "update {} set worker = 'x'"])
async def test_history_is_neither_changed_nor_deleted(engine: AsyncEngine, table: str, act: str) -> None:
    async with engine.connect() as connection:
        with pytest.raises(DBAPIError, match="append-only"):
            await connection.execute(text(act.format(table)))


async def test_a_report_sent_twice_at_once_has_one_number(engine: AsyncEngine) -> None:
    store = FaultStore(engine)
    numbers = await asyncio.gather(*(store.report(fault("same")) for _ in range(5)))
    assert len(set(numbers)) == 1
    assert await store.report(fault("same", "v1.other")) != numbers[0]
    assert [one.number for one in await store.own("v1.worker")] == numbers[:1]


async def test_steps_follow_each_other_and_solved_reports_come_last(engine: AsyncEngine) -> None:
    store = FaultStore(engine)
    first, second = [await store.report(fault(key)) for key in ("first", "second")]
    by = ("v1.officer", NOW + HOUR)
    assert await store.step(second, 1, "taken", "Tutkitaan", by)
    assert not await store.step(second, 1, "solved", "Samaan aikaan", by)
    assert await store.step(second, 2, "solved", "Korjattu", by)
    assert not await store.step(second + 99, 1, "taken", "Ei ole", by)
    found = await store.all()
    assert [(one.number, one.step, one.state, one.remark) for one in found] == [
        (first, None, None, None),
        (second, 2, "solved", "Korjattu"),
    ]


async def test_operations_list_take_and_solve_reports_on_the_command_line(
    engine: AsyncEngine, database: str, tmp_path: Path
) -> None:
    store = FaultStore(engine)
    number = str(await store.report(fault("told")))
    environment = {
        "KELMU_KAFKA": "127.0.0.1:1",
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(tmp_path),
        "KELMU_PUBLIC_URL": "http://127.0.0.1:8080",
        "KELMU_OIDC_ISSUER": "http://127.0.0.1:8081",
    }

    async def run(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=environment)
        return result.exit_code, result.output

    assert (await run("list"))[1].split()[0] == number
    assert (await run("take", number, "Asiakas 010180-9015"))[0] == 2
    assert await run("take", number, "Tutkitaan") == (0, f"{number} taken\n")
    assert await run("solve", number, "Korjattu") == (0, f"{number} solved\n")
    assert (await run("solve", number, "Uudelleen"))[0] == 2
    assert (await run("list"))[1] == ""
    assert "solved" in (await run("list", "--all"))[1]
    (own,) = await store.own("v1.worker")
    assert (own.state, own.remark) == ("solved", "Korjattu")
