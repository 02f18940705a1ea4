"""The reports that finance runs: from closed periods in the database to files, and again to the same files."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import orjson
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner, Result

from services.billing.commands import app
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from tests.integration.billing.year import merger, use


def kelmu(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest_asyncio.fixture(loop_scope="session")
async def clock(engine: AsyncEngine, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FileClock:
    """Kuopio and Juankoski have used the service in December 2016; it is the second day of 2017."""
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    await use(engine, "297", 4, 0, product="CLAIM_REGISTER", tag="claims")
    stands = FileClock(tmp_path / "clock.json")
    stands.stand_at(at_helsinki(date(2017, 1, 2)))
    settings = {
        "KAFKA": "127.0.0.1:9",
        "DATABASE": database,
        "SECRETS": str(tmp_path),
        "CLOCK_FILE": str(tmp_path / "clock.json"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"KELMU_{name}", value)
    return stands


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_reports_are_written_and_are_the_same_when_made_again(clock: FileClock, tmp_path: Path) -> None:
    assert kelmu("close", "2016-12").exit_code == 0
    clock.stand_at(at_helsinki(date(2017, 3, 1)))
    assert kelmu("instalment", "2017/1").exit_code == 0
    for folder in ("one", "two"):
        made = kelmu("report", "all", str(tmp_path / folder))
        assert made.exit_code == 0, made.output
        assert "The price is an assumption." in made.stdout
    first = contents(tmp_path / "one")
    assert first == contents(tmp_path / "two")
    assert {name.partition("/")[0] for name in first} == {"journal", "2017-01", "2017-03", "price-change"}

    accounts = {row["account"]: row["balance"] for row in rows(tmp_path / "one" / "journal" / "accounts.csv")}
    assert accounts == {"1710": "3020.08", "3010": "-97.00", "3020": "-2923.08"}
    january = rows(tmp_path / "one" / "2017-01" / "municipalities.csv")
    assert {row["municipality"]: row["total"] for row in january} == {"174": "7.00", "297": "90.00"}
    assert rows(tmp_path / "one" / "2017-01" / "metered.csv") == []


@pytest.mark.usefixtures("clock")
def test_the_price_change_tells_its_sums_and_that_the_what_if_rests_on_the_year_before(tmp_path: Path) -> None:
    told = kelmu("report", "price-change", str(tmp_path / "change"), "--json")
    assert told.exit_code == 0, told.output
    data = orjson.loads(told.stdout)
    assert data["own_use"] is False
    assert {book["book"]: (book["before"], book["after"]) for book in data["books"]} == {
        "KELMU-2017": ("97.00", "5846.15"),
        "KELMU-2017-FREE": ("97.00", "0.00"),
        "KELMU-2017-USAGE": ("97.00", "91.00"),
    }
    (row,) = rows(tmp_path / "change" / "price-change.csv")
    assert (row["merged"], Decimal(row["difference_KELMU-2017"])) == ("Juankoski", Decimal("5749.15"))


@pytest.mark.usefixtures("clock")
def test_use_at_no_price_stands_in_the_pack_of_its_own_month(tmp_path: Path) -> None:
    made = kelmu("report", "month", "2016-12", str(tmp_path))
    assert made.exit_code == 0, made.output
    assert [(row["product"], row["quantity"]) for row in rows(tmp_path / "metered.csv")] == [("CLAIM_REGISTER", "4")]
    assert (tmp_path / "report-2016-12.pdf").read_bytes().startswith(b"%PDF")


def test_a_month_that_is_none_is_refused(tmp_path: Path) -> None:
    refused = kelmu("report", "month", "2016-13", str(tmp_path))
    assert (refused.exit_code, "There is no month 13" in refused.stderr) == (2, True)
