"""Fault reports: kept with a number, shown to their reporter and to Kela's officer, never with a client's code."""

import httpx
import pytest

from tests.component.gateway.announced import FakeFaults
from tests.component.gateway.officer import HOSTILE, officer_of
from tests.component.gateway.world import FormToken, Gateway

KEY = "0123456789abcdef"


async def reported(browser: httpx.AsyncClient, token: FormToken, text: str, key: str = KEY) -> httpx.Response:
    page = await browser.get("/faults")
    fields = {"area": "search", "text": text, "idempotency_key": key, "form_token": token(page.text)}
    return await browser.post("/faults", data=fields)


def kept(gateway: Gateway) -> FakeFaults:
    assert isinstance(gateway.parts.faults, FakeFaults)
    return gateway.parts.faults


async def test_a_report_has_a_number_and_twice_the_same_is_one(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    answers = [await reported(sari, form_token, "Haku ei vastaa") for _ in range(2)]
    assert ["Ilmoitus 1 on vastaanotettu" in one.text for one in answers] == [True, True]
    assert "Ilmoitus 2 " in (await reported(sari, form_token, "Ei vieläkään", "another-key")).text
    assert [one.text for one in kept(gateway).rows.values()] == ["Haku ei vastaa", "Ei vieläkään"]


@pytest.mark.parametrize("code", ["010180Y9026", "010180\u20139015", "\uff10\uff11\uff10\uff11\uff18\uff10-9015"])
async def test_a_report_that_names_a_client_is_kept_nowhere_and_not_repeated(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, code: str
) -> None:
    answer = await reported(sari, form_token, f"Asiakkaan {code} tiedot eivät näy")
    assert answer.status_code == 422
    assert "henkilötunnus" in answer.text
    assert code not in answer.text
    assert kept(gateway).rows == {}


async def test_the_officer_sees_it_takes_it_up_and_answers_and_the_reporter_reads_the_answer(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await reported(sari, form_token, HOSTILE)
    async with officer_of(gateway) as outi:
        for step, state, remark in (("1", "taken", "Tutkitaan"), ("2", "solved", f"Korjattu {HOSTILE}")):
            page = await outi.get("/faults")
            assert "&lt;script&gt;alert(1)" in page.text
            assert "Tampereen kaupunki" in page.text
            fields = {"number": "1", "step": step, "state": state, "remark": remark}
            answer = await outi.post("/faults/step", data={**fields, "form_token": form_token(page.text)})
            assert answer.status_code == 200
        token = form_token(answer.text)
        late = await outi.post("/faults/step", data={**fields, "form_token": token})
        assert late.status_code == 409
    own = (await sari.get("/faults")).text
    assert "Korjattu &lt;script&gt;" in own
    assert "<script>alert" not in own + page.text + answer.text


async def test_nobody_else_sees_or_handles_reports(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    async with officer_of(gateway) as outi:
        await reported(outi, form_token, "Toisen ilmoitus")
    page = await sari.get("/faults")
    assert "Toisen ilmoitus" not in page.text
    fields = {"number": "1", "step": "1", "state": "solved", "remark": "x", "form_token": form_token(page.text)}
    assert (await sari.post("/faults/step", data=fields)).status_code == 403
    assert [one.state for one in kept(gateway).rows.values()] == [None]


async def test_an_empty_report_says_what_is_missing(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    answer = await reported(sari, form_token, "")
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert kept(gateway).rows == {}
