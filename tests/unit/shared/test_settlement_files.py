"""Settlement rows in files: what stands in them, that nothing in them is worked out, and that they are repeatable."""

import csv
import io
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from shared.contracts.answers import SettlementRow
from shared.settlement_files import COLUMNS, as_csv, as_xlsx

CREATED = datetime(2017, 3, 1, tzinfo=UTC)
ROW = SettlementRow(
    reference="12344", number="MV-1", payday=date(2017, 2, 7), first=date(2017, 2, 1), last=date(2017, 2, 28),
    gross="600.00", withheld="300.00", net="300.00", to_municipality="100.00", to_client="200.00", correction=False,
)  # fmt: skip
LESS = ROW.model_copy(update={"net": "0.00", "to_municipality": "-40.00", "to_client": "40.00", "correction": True})
SHARED = SettlementRow(
    reference="12344", number="MV-1", payday=ROW.payday, first=ROW.first, last=ROW.last, to_municipality="60.00",
    others=True, correction=False,
)  # fmt: skip


def test_the_files_hold_the_rows_and_what_is_not_told_is_empty() -> None:
    assert as_csv([ROW, LESS, SHARED]).decode().splitlines()[1:] == [
        "12344,MV-1,2017-02-07,2017-02-01,2017-02-28,600.00,300.00,300.00,100.00,200.00,,,",
        "12344,MV-1,2017-02-07,2017-02-01,2017-02-28,600.00,300.00,0.00,-40.00,40.00,,yes,",
        "12344,MV-1,2017-02-07,2017-02-01,2017-02-28,,,,60.00,,yes,,",
    ]
    (sheet,) = load_workbook(BytesIO(as_xlsx([ROW, LESS, SHARED], "297 2017-02", CREATED))).worksheets
    assert [cell.value for cell in sheet[3]][5:] == [600, 300, 0, -40, 40, "", "yes", ""]
    assert [cell.value for cell in sheet[4]][5:] == [None, None, None, 60, None, "yes", "", ""]


def test_every_column_is_a_field_and_has_its_heading_in_three_languages() -> None:
    assert {name for name, _, _ in COLUMNS} == set(SettlementRow.model_fields)
    assert all(heading.fi and heading.sv and heading.en for _, heading, _ in COLUMNS)


def test_the_same_rows_give_the_same_bytes() -> None:
    book = as_xlsx([ROW, LESS], "297 2017-02", CREATED)
    assert book == as_xlsx([ROW, LESS], "297 2017-02", CREATED)
    assert as_csv([ROW, LESS]) == as_csv([ROW, LESS])


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("x","y")'])
def test_a_text_that_begins_like_a_formula_is_worked_out_by_no_spreadsheet(text: str) -> None:
    row = ROW.model_copy(update={"reference": text, "number": text})
    (read,) = list(csv.reader(io.StringIO(as_csv([row]).decode(), newline="")))[1:]
    assert read[:2] == [f"'{text}"] * 2
    (sheet,) = load_workbook(BytesIO(as_xlsx([row], "297 2017-02", CREATED))).worksheets
    assert {cell.data_type for cell in sheet[2][:2]} == {"s"}


def test_a_negative_sum_stays_a_number() -> None:
    assert ",-40.00,40.00," in as_csv([LESS]).decode()
