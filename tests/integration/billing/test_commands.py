"""What an operator sees of closing, checking and writing files."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import orjson
import pytest
import pytest_asyncio
from typer.testing import CliRunner, Result

from services.billing.commands import app
from services.billing.domain.usage import Usage
from services.billing.store.agreements import add_agreement_events
from services.billing.store.usage import record_usage
from shared.bus.messages import Delivered, Record
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki, helsinki_date
from shared.contracts.agreements import Member, OrganisationChanged, PopulationStated
from shared.contracts.base import Contract, Validity
from tests.harness.agreed import agreed
from tests.harness.consuming import engine_for

ROOT = UUID(int=2)
SINCE = Validity(first=date(2015, 1, 1))
HELSINKI = "0201256-6"
FACTS: tuple[Contract, ...] = (
    OrganisationChanged(
        business_id=HELSINKI,
        version=1,
        kind="municipality",
        municipality="091",
        name_fi="Helsinki",
        name_sv="Helsingfors",
    ),
    agreed(
        id="A-091",
        party=HELSINKI,
        validity=SINCE,
        members=(Member(municipality="091", validity=SINCE),),
    ),
    PopulationStated(municipality="091", year_end=2015, version=1, inhabitants=20_000),
)


def delivered(body: Contract) -> Delivered[Contract]:
    value = body.model_dump_json().encode()
    record = Record("agreements.events", 0, 0, b"k", value, (), 0)
    return Delivered(uuid5(ROOT, body.ce_type), body.ce_type, datetime(2016, 1, 1, tzinfo=UTC), body, record, b"")


def uses(count: int, tag: str) -> list[Usage]:
    times = [datetime(2016, 12, 1, 8, tzinfo=UTC) + timedelta(minutes=n) for n in range(count)]
    return [
        Usage(uuid5(ROOT, f"{tag}{n}"), "A-091", "091", "QUERY_PERSON", time, helsinki_date(time), f"v1.{n % 10:026d}")
        for n, time in enumerate(times)
    ]


@pytest.fixture
def clock(tmp_path: Path) -> FileClock:
    return FileClock(tmp_path / "clock.json")


@pytest_asyncio.fixture(loop_scope="session")
async def billing(
    database: str, tmp_path: Path, clock: FileClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    engine = engine_for(database)
    async with engine.begin() as conn:
        await add_agreement_events(conn, [delivered(fact) for fact in FACTS])
        await record_usage(conn, uses(1000, "december"))
    await engine.dispose()
    clock.stand_at(at_helsinki(date(2017, 1, 2)))
    settings = {
        "KAFKA": "127.0.0.1:9",
        "DATABASE": database,
        "SECRETS": str(tmp_path),
        "CLOCK_FILE": str(tmp_path / "clock.json"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KELMU_{name}", value)
    yield database


def kelmu(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.usefixtures("billing")
def test_a_period_is_closed_once_checked_and_written_to_files(tmp_path: Path, clock: FileClock) -> None:
    closed = kelmu("close", "2016-12", "--json")
    assert closed.exit_code == 0, closed.output
    assert [issued["total"] for issued in orjson.loads(closed.stdout)["issued"]] == ["90.00"]

    again = kelmu("close", "2016-12")
    assert again.exit_code == 0
    assert "0 invoices, 0.00 €" in again.stdout
    assert "1 were issued by an earlier run" in again.stdout

    clock.stand_at(at_helsinki(date(2017, 3, 1)))
    instalment = kelmu("instalment", "2017/1")
    assert instalment.exit_code == 0
    assert "1 invoices, 500.00 €" in instalment.stdout
    assert "The price is an assumption." in instalment.stdout

    check = kelmu("recompute", "--json")
    assert check.exit_code == 0
    assert orjson.loads(check.stdout) == {
        "invoiced": "590.00",
        "rerated": "590.00",
        "difference": "0.00",
        "rectified": "0.00",
        "differences": [],
    }

    written = kelmu("files", str(tmp_path / "finance"))
    assert written.exit_code == 0
    assert (tmp_path / "finance" / "KELMU-2016" / "2016-12" / "K2017-00001.xlsx").is_file()
    assert (tmp_path / "finance" / "KELMU-2017" / "2017-1" / "summary.csv").is_file()


@pytest.mark.usefixtures("billing")
def test_an_open_month_is_refused_with_its_reason(clock: FileClock) -> None:
    clock.stand_at(at_helsinki(date(2016, 12, 31)))
    refused = kelmu("close", "2016-12")
    assert refused.exit_code == 2
    assert "2016-12 is not over" in refused.stderr
    assert "close.open_month" in refused.stderr


@pytest.mark.usefixtures("billing")
def test_usage_shows_counts_and_active_users() -> None:
    shown = kelmu("usage", "2016-12")
    assert "A-091: 10 active users" in shown.stdout
    assert "QUERY_PERSON            1000" in shown.stdout


def test_late_usage_makes_the_check_fail(billing: str) -> None:
    assert kelmu("close", "2016-12").exit_code == 0

    async def late() -> None:
        engine = engine_for(billing)
        async with engine.begin() as conn:
            await record_usage(conn, uses(1, "late"))
        await engine.dispose()

    asyncio.run(late())
    check = kelmu("recompute")
    assert check.exit_code == 1
    assert "difference -0.08 €" in check.stdout
