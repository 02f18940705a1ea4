"""CSV and XLSX of invoices and credit notes: real figures, frozen headings, and nothing a spreadsheet would run."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from services.billing.domain.invoice import Invoice
from services.billing.outputs.columns import INVOICES, Column
from services.billing.outputs.folder import Document, write_folder
from services.billing.outputs.tables import as_csv, as_xlsx, table
from shared.contracts.base import Text
from tests.harness.invoices import documents

TITLE = Text(fi="Taulu", sv="Tabell", en="Table")
NAMES: tuple[Column[str], ...] = (Column("name", TITLE, "text", 10, str),)
COUNT = 12


@pytest.fixture(scope="module")
def drawn() -> list[Invoice]:
    return list(documents(5, COUNT))


@pytest.fixture(scope="module")
def folder(drawn: list[Invoice], tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("files")
    write_folder(made, [Document(one, one.canonical()) for one in drawn], [])
    return made


def test_every_document_has_every_file(drawn: list[Invoice], folder: Path) -> None:
    for one in drawn:
        place = folder / one.price_book / one.period
        found = {path.name.removeprefix(one.number) for path in place.glob(f"{one.number}.*")}
        assert found == {".json", ".csv", ".xlsx", ".xml", ".ubl.xml", ".pdf"}


def test_all_files_are_the_same_when_made_again(drawn: list[Invoice], folder: Path, tmp_path: Path) -> None:
    again = write_folder(tmp_path, [Document(one, one.canonical()) for one in drawn], [])
    assert len(again) >= COUNT * 6
    for path in again:
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes()


def test_the_lines_of_a_credit_note_say_what_they_take_back(drawn: list[Invoice], folder: Path) -> None:
    note = next(one for one in drawn if one.kind == "credit_note")
    stem = folder / note.price_book / note.period / note.number
    rows = list(csv.DictReader(io.StringIO(stem.with_suffix(".csv").read_text(encoding="utf-8"))))
    assert sum(Decimal(row["amount"]) for row in rows) == note.total
    assert note.total < 0
    charged = [(row["charged_agreement"], row["charged_book"], row["charged_period"], row["why"]) for row in rows]
    assert charged == [
        (line.charged.agreement, line.charged.price_book, line.charged.period, line.why) for line in note.lines
    ]
    sheet = load_workbook(stem.with_suffix(".xlsx")).worksheets[0]
    assert sheet.freeze_panes == "A3"
    column = next(cell.column for cell in sheet[2] if cell.value in {"Summa €", "Belopp €"})
    amounts = [row[column - 1] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert all(isinstance(amount, int | float) for amount in amounts)
    assert sum(Decimal(str(amount)) for amount in amounts) == note.total


def test_the_summary_tells_credit_notes_from_invoices(drawn: list[Invoice]) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(table(TITLE, INVOICES, drawn, TITLE, "fi")).decode())))
    assert [(row["kind"], row["credits"]) for row in rows] == [(one.kind, one.credits or "") for one in drawn]
    assert {row["price_notice"] for row in rows} <= {"Hinta on oletus.", "Priset är ett antagande."}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1", "\uff1d1+1"])
def test_a_text_that_a_spreadsheet_would_run_stays_text(text: str) -> None:
    content = table(TITLE, NAMES, [text], TITLE, "fi")
    (row,) = list(csv.reader(io.StringIO(as_csv(content).decode(), newline="")))[1:]
    assert row == [f"'{text}"]
    cell = load_workbook(io.BytesIO(as_xlsx((content,), next(documents(1, 1)).issued_at))).worksheets[0]["A3"]
    assert cell.data_type == "s"


def test_no_cell_begins_a_formula_behind_a_semicolon_or_a_line_break_of_a_name() -> None:
    names = [";=1", "Kunta;=1+1", "Kunta; @SUM(A1)", "Kunta\n=1+1", "Kunta;\t\uff1d1", "Kunta; Oy"]
    made = as_csv(table(TITLE, NAMES, names, TITLE, "fi")).decode()
    assert list(csv.reader(io.StringIO(made)))[1:] == [
        [";'=1"], ["Kunta;'=1+1"], ["Kunta; '@SUM(A1)"], ["Kunta\n'=1+1"], ["Kunta;\t'\uff1d1"], ["Kunta; Oy"],
    ]  # fmt: skip
