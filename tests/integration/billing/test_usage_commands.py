"""What a clerk types to count, take back and explain uses."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from services.billing.commands import app
from shared.clock.business import FileClock
from tests.integration.billing.usages import feed, looked_up, reversed_, worker
from tests.integration.billing.year import close


@pytest.fixture(autouse=True)
def surroundings(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = tmp_path / "clock.json"
    FileClock(clock).stand_at(datetime(2017, 1, 2, tzinfo=UTC))
    settings = {"KAFKA": "127.0.0.1:9", "DATABASE": database, "SECRETS": str(tmp_path), "CLOCK_FILE": str(clock)}
    for name, value in settings.items():
        monkeypatch.setenv(f"KELMU_{name}", value)


async def run(*arguments: str) -> tuple[int, str]:
    """Run a command as the console does, in a thread: it starts an event loop of its own."""
    result = await asyncio.to_thread(CliRunner().invoke, app, list(arguments))
    return result.exit_code, result.output


async def test_a_clerk_counts_takes_back_and_sees_what_waits(engine: AsyncEngine, tmp_path: Path) -> None:
    await feed(
        engine, [looked_up(1), looked_up(2, by=worker(1)), looked_up(3, by=worker(1, 2)), reversed_(looked_up(9))]
    )
    workers = tmp_path / "workers.csv"
    workers.write_text(f"{worker(1, 2)},{worker(1)}\n", encoding="utf-8")

    assert await run("same-workers", str(workers)) == (0, "1 workers are known under their new pseudonym too.\n")
    taken = await run("reverse", str(looked_up(1).id), "--reason", "tested by the vendor")
    again = await run("reverse", str(looked_up(1).id), "--reason", "tested by the vendor")
    unknown = await run("reverse", str(looked_up(7).id), "--reason", "tested by the vendor")
    used = await run("usage", "2016-12")
    waiting = await run("reversals")

    assert taken == (0, "QUERY_PERSON of A-091 on 2016-12-01 is reversed.\n")
    assert "was reversed before" in again[1]
    assert (unknown[0], "reverse.unknown" in unknown[1]) == (2, True)
    assert used[1].split() == ["A-091:", "1", "active", "users", "091", "QUERY_PERSON", "2"]
    assert str(looked_up(9).id) in waiting[1]
    assert "applied" in (await run("reversals", "--all"))[1]
    assert (await run("usage", "2016-13"))[0] == 2


async def test_the_status_names_what_is_not_invoiced_and_why_and_changes_nothing(engine: AsyncEngine) -> None:
    await close(engine)
    await feed(engine, [looked_up(n) for n in range(100)], [reversed_(looked_up(900), publisher="claims")])
    first, again = await run("status"), await run("status")
    assert (first, first[0]) == (again, 3)
    assert "NOT INVOICED A-091: 2016-12: there is usage of 9.00 €" in first[1]
    assert "1 reversals without effect" in first[1]
    assert "close.unknown_agreement" in (await run("status", "--json"))[1]
