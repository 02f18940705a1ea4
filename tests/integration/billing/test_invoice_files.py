"""The files of closed periods: the right numbers, the same when made again, and nobody's name."""

import csv
import io
import re
import zipfile
from base64 import b64decode
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.domain.invoice import Invoice
from services.billing.outputs.columns import Rolled
from services.billing.outputs.folder import write_folder
from tests.integration.billing.year import (
    close,
    issue,
    merger,
    stored,
    use,
)

_PERSONAL = re.compile(r"v1\.|[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]")
"""A worker's pseudonym as usage holds it, or an identity code."""
_ATTACHED = re.compile(r"<cbc:EmbeddedDocumentBinaryObject[^>]*>([^<]+)<")


async def test_the_files_hold_the_right_numbers_and_are_the_same_when_made_again(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    await merger(engine)
    await use(engine, "174", 30, 1)
    await use(engine, "297", 1000, 10)
    await close(engine)
    await issue(engine)
    documents = await stored(engine)
    paths = write_folder(
        tmp_path / "one", documents, [Rolled("A-1", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False)]
    )
    write_folder(tmp_path / "two", documents, [Rolled("A-1", "KELMU-2017", "2017/1", Decimal("2.50"), waived=False)])
    for path in paths:
        assert path.read_bytes() == (tmp_path / "two" / path.relative_to(tmp_path / "one")).read_bytes()

    folder = tmp_path / "one" / "KELMU-2016" / "2016-12"
    assert Invoice.model_validate_json((folder / "K2017-00001.json").read_bytes()).total == Decimal("7.00")

    rows = list(csv.DictReader(io.StringIO((folder / "K2017-00001.csv").read_text(encoding="utf-8"))))
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal("7.00")
    assert {row["price_notice"] for row in rows} == {"Hinta on oletus."}

    book = load_workbook(folder / "K2017-00002.xlsx")
    sheet = book["Rivit"]
    assert sheet.freeze_panes == "A3"
    assert sheet["A1"].value == "Hinta on oletus."
    headings = [cell.value for cell in sheet[2]]
    column = headings.index("Summa €")
    values = [row[column] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert all(isinstance(value, int | float) for value in values)
    assert [Decimal(str(value)) for value in values] == [Decimal(80), Decimal(10)]
    summary = load_workbook(tmp_path / "one" / "KELMU-2017" / "2017-1" / "summary.xlsx")
    assert summary.sheetnames == ["Laskut", "Siirretyt"]
    assert next(summary["Siirretyt"].iter_rows(min_row=3, values_only=True))[3] == 2.5


async def test_no_invoice_names_a_worker_or_a_client(engine: AsyncEngine, tmp_path: Path) -> None:
    """Invariant 5: usage knows its workers by pseudonym, and no file of any kind shows one, nor an identity code."""
    await merger(engine)
    await use(engine, "297", 100, 2)
    await use(engine, "174", 100, 2)
    await close(engine)
    documents = await stored(engine)
    paths = write_folder(tmp_path, documents, [])
    assert {"".join(path.suffixes) for path in paths} == {".json", ".csv", ".xlsx", ".xml", ".ubl.xml", ".pdf"}
    for path in paths:
        assert not _PERSONAL.search(_plain(path)), path.name


def _plain(path: Path) -> str:
    """What a reader finds in a file: unpacked, decoded, extracted."""
    content = path.read_bytes()
    match path.suffix:
        case ".pdf":
            return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        case ".xlsx":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return " ".join(archive.read(name).decode() for name in archive.namelist())
        case _:
            text = content.decode()
            attached = _ATTACHED.findall(text)
            return text + " ".join(b64decode(one).decode() for one in attached)
