"""A specific report as CSV, XLSX, PDF and JSON: what was typed is never a formula, and all forms tell the same."""

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from uuid import UUID

import orjson
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from services.audit.outputs.specific_files import on_paper, specific_stem, specific_written
from services.audit.outputs.specific_tables import specific_tables
from shared.contracts.answers import Consulted, SpecificReportRow, SpecificReportView
from shared.contracts.base import DataGroup, Language

MADE = datetime(2017, 1, 2, 10, tzinfo=UTC)
FORMULA = '=HYPERLINK("http://example.invalid";"x")'
WORKER = f"v1.{'a' * 26}"
VIEW = SpecificReportView(
    row=SpecificReportRow(
        report=UUID(int=5),
        organisation="0101263-6",
        about="worker",
        subject=WORKER,
        first=date(2016, 12, 1),
        last=date(2016, 12, 31),
        reason=FORMULA,
        state="approved",
        asked_by=WORKER,
        asked_at=MADE,
        decided_by=f"v1.{'b' * 26}",
        decided_at=MADE,
    ),
    attempts=1234,
    outcomes={"granted": 1230, "refused": 4},
    actions={"look_up": 1234},
    rules={"client_relation": 4},
    purposes={"CHARGE": 1234},
    groups={DataGroup.PAYMENTS: 7},
    hours={3: 4, 14: 1230},
    overrides=(MADE,),
    consulted=(
        Consulted(identity_code="010180-9015", times=2),
        Consulted(identity_code=None, name="\uff1dcmd|' /C calc'!A0", times=1),
    ),
    cut=True,
    event=UUID(int=9),
)


def written(form: str, language: Language = "fi") -> bytes:
    return specific_written(VIEW, language, form, MADE)


def test_a_csv_holds_every_row_of_every_table_and_no_formula() -> None:
    rows = list(csv.reader(io.StringIO(written("csv").decode())))
    assert len(rows) == 1 + sum(len(table.rows) for table in specific_tables(VIEW, "fi"))
    cells = [cell for row in rows for cell in row]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\uff1d"))] == []
    assert ["consulted", "010180-9015", "", "2"] in rows
    assert ["hours", "14", "1230", ""] in rows


def test_a_workbook_holds_what_was_typed_as_text_and_has_a_chart() -> None:
    book = load_workbook(io.BytesIO(written("xlsx", "en")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    drawn = [name for name in zipfile.ZipFile(io.BytesIO(written("xlsx"))).namelist() if "/charts/chart" in name]
    assert len(drawn) == 1
    assert 1230 in [cell.value for cell in cells]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_pdf_is_accessible_and_tells_the_figures_in_each_language(language: Language) -> None:
    pdf = PdfReader(io.BytesIO(written("pdf", language)))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert str(pdf.root_object["/Lang"]).startswith(language)
    assert "/StructTreeRoot" in pdf.root_object
    for told in ("010180-9015", "0101263-6", "HYPERLINK"):
        assert told in text
    assert WORKER not in str(pdf.metadata)


def test_every_sign_that_stands_on_paper_can_be_set_whatever_was_typed() -> None:
    signs = "".join(chr(number) for number in range(0x3000))
    typed = f"{signs} \U0001f600 \uff1dcmd"
    row = VIEW.row.model_copy(update={"reason": typed})
    assert specific_written(VIEW.model_copy(update={"row": row}), "fi", "pdf", MADE).startswith(b"%PDF")
    assert on_paper(typed).endswith("? =cmd")
    assert on_paper("Šárá Ánná O\u2019Brien \u2013 Åkerö") == "Šárá Ánná O\u2019Brien \u2013 Åkerö"


def test_json_is_the_report_itself_and_no_name_of_a_file_names_anybody() -> None:
    assert SpecificReportView.model_validate(orjson.loads(written("json")), strict=False) == VIEW
    assert specific_stem(VIEW) == f"specific-{UUID(int=5)}"


def test_another_form_is_none() -> None:
    with pytest.raises(KeyError):
        written("exe")
