"""The files of reports: real numbers, sums by formula and by value, charts, readable PDF, the same bytes again."""

import csv
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal

import pytest
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

from services.billing.domain.journal import journal
from services.billing.domain.report_pack import report_pack
from services.billing.outputs.report_change import change_files
from services.billing.outputs.report_folder import Files, journal_files, pack_files
from shared.clock.civil import Month
from tests.unit.billing.domain.test_accounting_journal import CHART, credit_note, invoice, model_of
from tests.unit.billing.domain.test_monthly_report_pack import WAITING, pack
from tests.unit.billing.domain.test_price_change_report import DECEMBER, KUOPIO, report

ASSUMED = "Hinta on oletus."


def of_journal() -> Files:
    return journal_files(CHART, journal(CHART, model_of, [invoice(), credit_note()], WAITING), "fi")


def of_pack() -> Files:
    return pack_files(pack(), "fi")


def of_change() -> Files:
    return change_files(report(DECEMBER, [KUOPIO]), "fi")


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode())))


@pytest.mark.parametrize("files", [of_journal, of_pack, of_change])
def test_a_report_made_again_is_the_same_to_the_byte(files: Callable[[], Files]) -> None:
    assert files() == files()


@pytest.mark.parametrize("files", [of_journal, of_pack, of_change])
def test_every_row_of_every_table_says_that_prices_are_assumed(files: Callable[[], Files]) -> None:
    tables = [csv_rows(content) for name, content in files().items() if name.endswith(".csv")]
    assert {row["price_notice"] for rows in tables for row in rows} == {ASSUMED}


def test_the_journal_file_balances_and_says_how_value_added_tax_is_treated() -> None:
    rows = csv_rows(of_journal()["journal.csv"])
    debit, credit = (sum(Decimal(row[side]) for row in rows if row[side]) for side in ("debit", "credit"))
    assert debit == credit == Decimal("97.80")
    assert {row["vat"] for row in rows} == {"Ei arvonlisäveroa: julkisoikeudellinen suorite"}
    assert [row["memo"] for row in rows if row["kind"] == "rolled_over"] == ["2.50"]


@pytest.mark.parametrize(
    ("files", "name", "sheet", "heading", "total"),
    [
        (of_journal, "journal.xlsx", "Tositepäiväkirja", "Debet €", 97.8),
        (of_pack, "report-2017-01.xlsx", "Tuotot kunnittain", "Yhteensä €", 87.2),
        (of_change, "price-change.xlsx", "Kunnittain", "KELMU-2017 €", 5846.15),
    ],
)
def test_a_workbook_sums_by_formula_and_by_value_under_frozen_headings(
    files: Callable[[], Files], name: str, sheet: str, heading: str, total: float
) -> None:
    content = files()[name]
    formulas, values = (load_workbook(io.BytesIO(content), data_only=only)[sheet] for only in (False, True))
    column = [cell.value for cell in formulas[2]].index(heading) + 1
    last = formulas.max_row
    assert str(formulas.cell(last - 1, column).value).startswith("=SUM(")
    assert values.cell(last - 1, column).value == values.cell(last, column).value == pytest.approx(total)
    assert formulas.freeze_panes == "A3"
    assert str(formulas["A1"].value).startswith(ASSUMED)


def test_the_price_change_has_its_charts_in_the_workbook_and_as_pictures_with_their_figures_as_text() -> None:
    files = of_change()
    inside = zipfile.ZipFile(io.BytesIO(files["price-change.xlsx"])).namelist()
    assert [name for name in inside if name.startswith("xl/charts/chart")] == [
        "xl/charts/chart1.xml",
        "xl/charts/chart2.xml",
    ]
    picture = etree.fromstring(files["price-change-largest.svg"])
    words = [element.text for element in picture.iter("{*}text")]
    assert words[:4] == ["Suurimmat muutokset: KELMU-2017", ASSUMED, "Kuopio", "5\u00a0749,15\u00a0€"]


def test_the_pdf_says_what_is_assumed_and_on_which_use_the_what_if_rests() -> None:
    reader = PdfReader(io.BytesIO(of_change()["price-change.pdf"]))
    words = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    assert ASSUMED in words
    assert "edeltävien 12 kuukauden käytöstä (2016)" in words
    assert "+5927,0" in words


def test_a_pack_of_a_month_without_documents_says_so_instead_of_failing() -> None:
    files = pack_files(report_pack(Month(2017, 5), model_of, [], [], ()), "sv")
    assert csv_rows(files["documents.csv"]) == []
    text = PdfReader(io.BytesIO(files["report-2017-05.pdf"])).pages[0].extract_text()
    assert "Inga rader." in text
