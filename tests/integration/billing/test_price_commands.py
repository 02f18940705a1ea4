"""What an operator or a clerk is told of prices: `kelmu price`, and the same under `kelmu billing`."""

import asyncio
from datetime import date
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from services.billing.commands import app as billing_app
from services.billing.commands_books import app
from shared.clock.business import FileClock
from shared.clock.civil import at_helsinki
from tests.harness.consuming import engine_for
from tests.integration.billing.year import merger

LAST_SECOND = "2016-12-31T23:59:59"


def kelmu(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def explain(at: str, *more: str, product: str = "QUERY_PERSON") -> Result:
    return kelmu("explain", "--at", at, "--product", product, *more)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    clock = tmp_path / "clock.json"
    FileClock(clock).stand_at(at_helsinki(date(2017, 2, 1)))
    for name, value in {"KAFKA": "127.0.0.1:9", "SECRETS": str(tmp_path), "CLOCK_FILE": str(clock)}.items():
        monkeypatch.setenv(f"KELMU_{name}", value)
    return tmp_path


@pytest.mark.usefixtures("settings")
def test_a_price_is_explained_with_book_row_law_source_and_why() -> None:
    shown = explain(LAST_SECOND)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("KELMU-2016 QUERY_PERSON: 0.0800 €/query; L 150/1992")
    assert "2016-12-31T23:59:59 in Finland is 2016-12-31T21:59:59Z" in shown.stdout
    assert "As known on 2017-02-01" in shown.stdout
    assert "Hinta on oletus." in shown.stdout
    assert explain("2017-01-01T00:00:00").stdout.startswith("KELMU-2017 QUERY_PERSON: 0.0000")


@pytest.mark.usefixtures("settings")
def test_programs_are_told_the_same() -> None:
    data = orjson.loads(explain("2016-12-31T22:00:00Z", "--json", "--known", "2016-10-31").stdout)
    assert (data["book"], data["helsinki"]) == ("KELMU-2017", "2017-01-01T00:00:00+02:00")
    assert data["known"] == "2016-10-30T22:00:00+00:00"


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("at", "more", "reason"),
    [
        (LAST_SECOND, ("--product", "QUERY_ODD"), "does not price QUERY_ODD"),
        ("2014-12-31", (), "No active price book"),
        ("2017-06-01", ("--known", "2016-10-30"), "known on 2016-10-30"),
        ("2016-03-27T03:30", (), "moment.skipped"),
        ("soon", (), "moment.form"),
    ],
)
def test_what_has_no_price_is_refused_with_its_reason(at: str, more: tuple[str, ...], reason: str) -> None:
    refused = explain(at, *more)
    assert refused.exit_code == 2
    assert reason in refused.stderr


@pytest.mark.usefixtures("settings")
def test_an_agreement_adds_who_pays_not_another_price(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KELMU_DATABASE", database)

    async def known() -> None:
        engine = engine_for(database)
        await merger(engine)
        await engine.dispose()

    asyncio.run(known())
    shown = explain(LAST_SECOND, "--agreement", "A-174")
    assert "Agreement A-174 covers 2016-12-31, for 174; Kuopio pays." in shown.stdout
    asked = orjson.loads(explain("2017-01-01", "--agreement", "A-174", "--json").stdout)["agreement"]
    assert (asked["in_force"], asked["members"], asked["payer"]) == (False, [], "Kuopio")
    unknown = explain(LAST_SECOND, "--agreement", "A-000")
    assert unknown.exit_code == 2
    assert "knows no agreement A-000" in unknown.stderr


def test_the_shipped_books_are_listed_with_their_sources() -> None:
    for shown in (kelmu("books"), CliRunner().invoke(billing_app, ["books"])):
        assert shown.exit_code == 0
        assert "KELMU-2017-FREE  2017-01-01 - until further notice  charges nothing  not active" in shown.stdout
        assert "[The price is an assumption.]" in shown.stdout
    listed = orjson.loads(kelmu("books", "--json").stdout)
    assert [book["id"] for book in listed if book["active"]] == ["KELMU-2016", "KELMU-2017"]


def test_bad_price_books_are_told_and_the_exit_code_says_so(tmp_path: Path) -> None:
    (tmp_path / "BAD.yaml").write_text("id: BAD\nprice: 0.1\n")
    refused = kelmu("books", str(tmp_path))
    assert refused.exit_code == 2
    assert "BAD.yaml, price" in refused.stderr
    assert "book.unknown_key" in refused.stderr
    assert "active.yaml, the whole file: The file is missing" in refused.stderr
