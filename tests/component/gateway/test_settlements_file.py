"""A month's settlements as a file: whole or not at all, refused with its reason, and nothing in it is worked out."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date

import httpx
import pytest
from openpyxl import load_workbook

from shared.bus.client import NoAnswer, Question
from shared.contracts.answers import Answer, Refused, SettlementRow, SettlementsPage
from shared.contracts.asking import SettlementsQuery
from tests.component.gateway.world import FormToken, Gateway

FILE = "/api/v1/settlements/file"


def row(paid: str, reference: str = "12344") -> SettlementRow:
    return SettlementRow(
        reference=reference, number="MV-2016-7K3QX-9TB4M2", payday=date(2017, 1, 5), first=date(2017, 1, 1),
        last=date(2017, 1, 31), to_municipality=paid, others=True, correction=False,
    )  # fmt: skip


FIRST = SettlementsPage(rows=(row("100.00"), row("-20.50")), total="89.50", next="2017-01-05~x")
LAST = SettlementsPage(rows=(row("10.00", "=1+1"),), total="89.50", next=None)


@dataclass
class Paged:
    """Claims that answers one page after the other."""

    answers: list[Answer | Exception]
    asked: list[object] = field(default_factory=list)

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout > 0
        self.asked.append(question.body)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def paged(gateway: Gateway, monkeypatch: pytest.MonkeyPatch, *answers: Answer | Exception) -> Paged:
    claims = Paged(list(answers))
    monkeypatch.setattr(gateway.bus, "ask", claims.ask)
    return claims


async def test_a_month_of_several_pages_is_one_csv_file_without_formulas(
    gateway: Gateway, sari: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = paged(gateway, monkeypatch, FIRST, LAST)
    response = await sari.post(FILE, json={"month": "2017-01"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"].startswith('attachment; filename="settlements-0211675-2-2017-01.')
    rows = list(csv.DictReader(io.StringIO(response.content.decode(), newline="")))
    assert [(one["reference"], one["to_municipality"]) for one in rows] == [
        ("12344", "100.00"),
        ("12344", "-20.50"),
        ("'=1+1", "10.00"),
    ]
    assert claims.asked == [
        SettlementsQuery(month="2017-01"),
        SettlementsQuery(month="2017-01", after="2017-01-05~x"),
    ]


async def test_the_page_offers_the_month_as_a_workbook(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = {"form_token": form_token((await sari.get("/claims/work")).text), "month": "2017-01"}
    paged(gateway, monkeypatch, LAST, LAST.model_copy(update={"total": "10.00"}))
    page = await sari.post("/claims/settlements", data=token)
    assert all(f'value="{one}"' in page.text for one in ("csv", "xlsx"))
    response = await sari.post("/claims/settlements/file", data={**token, "format": "xlsx"})
    (sheet,) = load_workbook(io.BytesIO(response.content)).worksheets
    assert next((cell.value, cell.data_type) for cell in sheet[2]) == ("=1+1", "s")
    assert sheet.max_row == 2


@pytest.mark.parametrize("at", [0, 1], ids=["first page", "second page"])
async def test_nothing_leaves_when_any_page_is_refused_late_or_away(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    for otherwise, status in ((refusal, 403), (NoAnswer("late"), 504)):
        paged(gateway, monkeypatch, *(FIRST,) * at, otherwise)
        response = await sari.post(FILE, json={"month": "2017-01"})
        assert response.status_code == status
        assert "12344" not in response.text


async def test_a_month_that_changes_between_two_pages_is_no_file(
    gateway: Gateway, sari: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for last in (LAST.model_copy(update={"total": "99.50"}), LAST.model_copy(update={"rows": ()})):
        paged(gateway, monkeypatch, FIRST, last)
        response = await sari.post(FILE, json={"month": "2017-01"})
        assert (response.status_code, response.json()["code"]) == (409, "settlements_changed")


async def test_pages_without_end_are_given_up_and_what_is_no_file_asks_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = paged(gateway, monkeypatch, *(FIRST,) * 501)
    response = await sari.post(FILE, json={"month": "2017-01"})
    assert (response.status_code, response.json()["code"], len(claims.asked)) == (422, "settlements_too_long", 500)
    for body in ({"month": "2017-13"}, {"month": "2017-01", "format": "pdf"}):
        assert (await sari.post(FILE, json=body)).status_code == 422
    assert len(claims.asked) == 500
