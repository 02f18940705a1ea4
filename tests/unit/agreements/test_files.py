"""A file of records: good lines are read, bad ones are named by number and never quoted."""

from pathlib import Path

import pytest

from services.agreements.files import read_file

GOOD = b'{"kind":"population","body":{"municipality":"297","year_end":2015,"version":1,"inhabitants":7}}'


def test_lines_are_read_in_order_and_empty_ones_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_bytes(GOOD + b"\n\n" + GOOD.replace(b"2015", b"2016") + b"\n")
    records, faults = read_file(file)
    assert [record.version for record in records] == [1, 1]
    assert faults == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "line.json"),
        (b"\xff\xfe", "line.json"),
        (b"[]", "line.form"),
        (b'{"kind":"secret","body":{}}', "line.form"),
        (b'{"kind":"population","body":{},"more":1}', "line.form"),
        (GOOD.replace(b'"297"', b'"010180-9015"'), "line.schema"),
        (GOOD.replace(b"297", rb"\u0000"), "line.nul"),
    ],
)
def test_a_bad_line_is_named_and_not_quoted(line: bytes, code: str, tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_bytes(GOOD + b"\n" + line)
    records, faults = read_file(file)
    assert len(records) == 1
    assert [(fault.line, fault.code) for fault in faults] == [(2, code)]
    assert "9015" not in str(faults[0])
