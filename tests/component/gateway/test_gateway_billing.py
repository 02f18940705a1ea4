"""The billing clerk's way from the list to a cent's events, and what billing learns of the clerk: a pseudonym."""

import httpx
import pytest

from shared.bus.topics import BILLING_REQUESTS
from shared.contracts.asking import BillingDocumentsQuery, BillingLineQuery
from shared.contracts.base import Role
from shared.ids import pseudonym
from tests.component.gateway.billings import DOCUMENT, EVENT, EXPLAINED, LISTED, OPENED, file_of
from tests.component.gateway.world import KEY, SARI, TAMPERE, VILLE, FormToken, Gateway, mandate

API = "/api/v1/billing/documents"


async def test_billing_learns_nothing_but_the_pseudonym_of_whoever_asks(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    gateway.bus.answer = LISTED
    assert (await sari.post(API, json={})).status_code == 200
    (question,) = gateway.bus.asked
    assert (question.topic, question.body) == (BILLING_REQUESTS, BillingDocumentsQuery())
    actor = question.actor
    assert (actor.identity_code, actor.name) == (None, "")
    assert actor.worker == pseudonym(KEY, "worker", SARI)
    assert SARI not in question.key


async def test_the_clerk_comes_from_the_list_to_the_document_to_the_line_to_its_events(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = {"form_token": form_token((await sari.get("/billing")).text)}
    gateway.bus.answer = LISTED.model_copy(update={"next": "2016~x"})
    listed = await sari.post("/billing", data=token)
    assert "K2017-00001" in listed.text
    assert 'value="2016~x"' in listed.text
    gateway.bus.answer = OPENED
    opened = await sari.post("/billing/document", data={**token, "number": "K2017-00001"})
    assert all(f'value="{one}"' in opened.text for one in ("pdf", "xlsx", "ubl.xml"))
    assert NOTICE_FI in opened.text
    gateway.bus.answer = EXPLAINED.model_copy(update={"next": "2016~y"})
    line = await sari.post("/billing/line", data={**token, "number": "K2017-00001", "row": "1"})
    assert all(one in line.text for one in (str(EVENT), "KELMU-2016 QUERY_PERSON", "L 150/1992", 'value="2016~y"'))
    assert gateway.bus.asked[-1].body == BillingLineQuery(number="K2017-00001", row=1)


NOTICE_FI = "Hinta on oletus."


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_the_pages_speak_three_languages_and_say_when_counts_differ(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, language: str
) -> None:
    sari.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = {"form_token": form_token((await sari.get("/billing")).text)}
    gateway.bus.answer = EXPLAINED.model_copy(update={"sound": False, "fault": "1 charged, 2 found"})
    page = await sari.post("/billing/line", data={**token, "number": "K2017-00001", "row": "1"})
    assert f'<html lang="{language}">' in page.text
    assert "1 charged, 2 found" in page.text


async def test_a_member_is_offered_no_file_and_sees_its_part(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = {"form_token": form_token((await sari.get("/billing")).text)}
    gateway.bus.answer = OPENED.model_copy(update={"document": DOCUMENT.model_copy(update={"share": "0.08"})})
    page = await sari.post("/billing/document", data={**token, "number": "K2017-00001"})
    assert "/billing/file" not in page.text


async def test_a_file_is_given_as_it_is_and_one_with_another_hash_to_nobody(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    good = file_of("K2017-00001", b"%PDF")
    asked = {"number": "K2017-00001", "format": "pdf"}
    gateway.bus.answer = good
    response = await sari.post(f"{API}/file", json=asked)
    assert (response.content, response.headers["content-type"]) == (b"%PDF", "application/pdf")
    assert response.headers["content-disposition"] == 'attachment; filename="K2017-00001.pdf"'
    for wrong in ({"sha256": "0" * 64}, {"content": "!"}, {"number": "K2017-00002"}):
        gateway.bus.answer = good.model_copy(update=wrong)
        assert (await sari.post(f"{API}/file", json=asked)).status_code == 500


async def test_an_answer_about_another_document_is_shown_to_nobody(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.bus.answer = OPENED
    assert (await sari.post(f"{API}/open", json={"number": "K2017-00009"})).status_code == 500
    gateway.bus.answer = EXPLAINED
    assert (await sari.post(f"{API}/explain", json={"number": "K2017-00001", "row": 2})).status_code == 500
    for body in ({"number": "K2017-1"}, {"number": "010180-9015"}, {"number": "K2017-00001", "row": 0}):
        assert (await sari.post(f"{API}/explain", json=body)).status_code == 422


async def test_the_menu_offers_invoices_to_billing_clerks_only(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    assert 'href="/billing"' not in (await sari.get("/")).text
    gateway.agreements.directory.apply(
        mandate(VILLE, TAMPERE, "837", Role.BILLING_CLERK).model_copy(update={"version": 2})
    )
    async with gateway.browser_of(VILLE, "Laskuttaja Ville") as clerk:
        assert 'href="/billing"' in (await clerk.get("/")).text
