"""Reports of the log on the command line: written the same each time, listed, and refused in words."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.audit.commands import app
from services.audit.report_data import indicators, working_hours
from services.audit.reporting import Reporting
from services.audit.store import reports
from shared.clock.civil import Month
from shared.database.engine import raw
from tests.integration.audit.looks import look
from tests.integration.audit.world import Log, give_secrets

pytestmark = pytest.mark.asyncio(loop_scope="session")

JANUARY = Month(2017, 1)


async def test_a_kept_report_is_written_the_same_each_time_and_listed(log: Log, database: str, tmp_path: Path) -> None:
    await log.feed([look(), look(emergency=True)])
    made = datetime(2017, 2, 1, 4, 0, tzinfo=UTC)
    async with log.engine.begin() as connection:
        conn = await raw(connection)
        await reports.begin(conn, JANUARY, made)
        await reports.keep(conn, await Reporting(indicators(), working_hours()).make(conn, JANUARY, made))
    environment = {
        "KELMU_KAFKA": "127.0.0.1:1",
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(give_secrets(tmp_path / "secrets").directory),
    }

    async def run(*arguments: str) -> tuple[int, str]:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["report", *arguments], env=environment)
        return result.exit_code, result.output

    folders = [tmp_path / name for name in ("first", "again")]
    said = [await run("generic", "2017-01", str(folder), "--municipality", "049") for folder in folders]
    written = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]

    assert [code for code, _ in said] == [0, 0]
    assert written[0] == written[1]
    assert {name.rpartition(".")[2] for name in written[0]} == {"json", "csv", "xlsx", "pdf", "svg"}
    assert "Hätäohitukset" in said[0][1]
    code, listed = await run("list")
    assert (code, "2017-01-049-0101263-6" in listed, "overrides 1" in listed) == (0, True, True)
    assert (await run("generic", "2017-01", str(tmp_path / "none"), "--municipality", "091"))[0] == 1
    assert (await run("generic", "January", str(tmp_path / "none")))[0] == 2
