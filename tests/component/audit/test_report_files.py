"""A generic report as files: the same bytes each time, real numbers, and no formula out of a text."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import openpyxl
import pytest

from services.audit.domain.generic_report import GenericReport, Override, Surroundings, Use, generic_report
from services.audit.outputs.folder import report_files
from services.audit.outputs.spreadsheets import as_csv
from services.audit.outputs.tables import ReportTable, named, words
from services.audit.report_data import indicators
from shared.clock.civil import Month
from shared.contracts.access import Action, Outcome
from shared.contracts.base import DataGroup, Language, Purpose

MADE = datetime(2017, 2, 1, 4, 0, tzinfo=UTC)
ONE = Use({"payments": 3}, "0201256-6", "091", "w", "look_up", "granted", "", "CHARGE", "ui", "", False, False, 7, 7)  # noqa: FBT003 - in the order of its fields


@pytest.fixture(scope="module")
def report() -> GenericReport:
    override = Override(event=UUID(int=1), time=datetime(2017, 1, 9, 20, 5, tzinfo=UTC), outcome="granted")
    about = Surroundings(idle_accounts=4, gaps=0, overrides=(override,), earlier=(), made=MADE, log_size=99)
    uses = [replace(ONE, worker=f"w{n}") for n in range(5)]
    return generic_report(Month(2017, 1), "0201256-6", "091", uses, about, indicators().settings)


@pytest.fixture(scope="module", params=["fi", "sv", "en"])
def files(report: GenericReport, request: pytest.FixtureRequest) -> dict[str, bytes]:
    language: Language = request.param
    made = report_files(report, indicators(), language)
    assert made == report_files(report, indicators(), language), "byte for byte the same when made again"
    return {name.removeprefix("2017-01-091-0201256-6."): content for name, content in made.items()}


def test_a_report_has_every_form(files: dict[str, bytes]) -> None:
    assert files["pdf"].startswith(b"%PDF")
    assert b"pdfuaid" in files["pdf"]
    assert b"<svg" in files["trend.svg"]
    assert {"json", "xlsx", "indicators.csv", "parts.csv", "overrides.csv", "trend.csv"} <= files.keys()


def test_the_workbook_holds_real_numbers_frozen_headings_and_charts(files: dict[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    sheet = book.worksheets[0]
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=3)}

    assert rows["volume"][2].value == rows["volume"][3].value == 35
    assert sheet.freeze_panes == "A3"
    with zipfile.ZipFile(io.BytesIO(files["xlsx"])) as archive:
        assert sum(name.startswith("xl/charts/chart") for name in archive.namelist()) == 2


def test_overrides_are_listed_with_finnish_time_and_municipality_and_no_person(files: dict[str, bytes]) -> None:
    (row,) = csv.DictReader(io.StringIO(files["overrides.csv"].decode()))

    assert row["time"] == "2017-01-09 22:05:00"
    assert row["municipality"] in {"Helsinki", "Helsingfors"}
    assert row.keys() == {"time", "municipality", "outcome", "event"}


def test_a_text_that_a_spreadsheet_would_run_is_a_text() -> None:
    table = ReportTable("x", "x", ("a",), ("a",), ("text",), (1,), (("=1+1",),))

    assert b"'=1+1" in as_csv(table)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_part_has_a_name_in_each_language(language: Language) -> None:
    keys = [*Action, *Outcome, *DataGroup, *Purpose]

    assert not [key for key in keys if f"key_{key}" not in words(language)]
    assert named("own_code", language) == "own_code"
