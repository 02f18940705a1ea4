"""What operators do with usage that could not be counted: see why, mend the cause, count it once."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from deploy.local.secret_files import ensure_secrets
from services.billing.app import USAGE_CONSUMER
from services.billing.commands import app
from shared.bus import quarantine
from shared.bus.messages import Outgoing, Record
from shared.bus.quarantine import Culprit
from shared.bus.topics import ACCESS_EVENTS
from shared.clock.business import FileClock
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.base import Channel
from tests.harness.consuming import engine_for

ROOT = UUID(int=7)
LEAK = "010180-9015"


def looked_up(time: datetime) -> Outgoing:
    request = uuid5(ROOT, str(time))
    body = AccessDecided(
        request=request,
        time=time,
        outcome=Outcome.GRANTED,
        channel=Channel.UI,
        service="lookup",
        organisation="0201256-6",
        member="091",
        agreement="A-091",
        commitment="0" * 64,
        personal="access.1.AAAA",
    )
    return Outgoing.of(ACCESS_EVENTS, "A-091", request, body, source="lookup", time=time)


@pytest.fixture
async def billing(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two uses in quarantine: one whose cause is mended, one that is older than every price book."""
    ensure_secrets(tmp_path, [("actor", "ed25519")])
    clock = tmp_path / "clock.json"
    FileClock(clock).stand_at(datetime(2017, 1, 2, tzinfo=UTC))
    settings = {"KAFKA": "127.0.0.1:9", "DATABASE": database, "SECRETS": str(tmp_path), "CLOCK_FILE": str(clock)}
    for name, value in settings.items():
        monkeypatch.setenv(f"KELMU_{name}", value)
    engine = engine_for(database)
    async with engine.begin() as conn:
        for offset, year in enumerate((2016, 1999)):
            message = looked_up(datetime(year, 12, 1, tzinfo=UTC))
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            stray = [("stray", LEAK.encode()), ("null", None), ("steering", b"\x1b[2J\xff")]
            record = Record(message.topic, 0, offset, message.key, message.body, (*headers, *stray), 0)
            await quarantine.put(conn, USAGE_CONSUMER, [Culprit(record, "product", "a product not known yet")])
    await engine.dispose()
    return database


async def usage_rows(database: str) -> int:
    engine = engine_for(database)
    async with engine.connect() as conn:
        count: int = (await conn.execute(text("select count(*) from usage"))).scalar_one()
    await engine.dispose()
    return count


async def run(*arguments: str) -> tuple[int, str]:
    """Run a command as the console does, in a thread: it starts an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["quarantine", *arguments])
    return result.exit_code, result.output


async def test_a_use_in_quarantine_counts_once_when_it_is_replayed(billing: str) -> None:
    assert (await run("replay", "1"))[0] == 0
    code, told = await run("replay", "1")

    assert (code, await usage_rows(billing)) == (2, 1)
    assert "replayed already" in told
    assert "access.events/0@0" not in (await run("list"))[1]
    assert "took effect" in (await run("list", "--all"))[1]


async def test_a_use_whose_cause_remains_stays_and_the_reason_is_told(billing: str) -> None:
    code, told = await run("replay", "2")

    assert code == 2
    assert "did not take effect" in told
    assert "access.events/0@1" in (await run("list"))[1]
    assert await usage_rows(billing) == 0


async def test_a_message_is_shown_by_its_headers_without_codes_or_content(billing: str) -> None:
    assert billing
    code, shown = await run("show", "1")

    assert code == 0
    assert "ce_type: kelmu.access.decided.v1" in shown
    assert "null: (null)" in shown
    assert "a product not known yet" in shown
    assert LEAK not in shown
    assert "\x1b" not in shown
    assert "commitment" not in shown
    assert (await run("show", "99"))[0] == 2
