"""The pages: what they show, in three languages, and what they never give away."""

import re

import httpx
import pytest

from shared.bus.client import NoAnswer, Unavailable
from shared.contracts.answers import ClaimReceipt, PersonView, Refused
from shared.contracts.base import Purpose
from tests.component.gateway.world import FormToken, Gateway, claim_in, query_in

SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": "010180Y9026"}
CLAIM = {
    "identity_code": "010180Y9026",
    "benefit": "kansanelake",
    "ground": "aml_14",
    "first": "2017-01-01",
    "last": "",
    "whole": "yes",
    "account": "main",
    "reference": "1232",
    "handler_name": "Sari",
    "handler_phone": "03 123",
    "care_unit": "Koivukoti",
    "assistance": "",
}


async def test_a_stranger_is_shown_the_way_in(gateway: Gateway) -> None:
    async with gateway.fresh() as stranger:
        page = await stranger.get("http://gateway.test/")
    assert page.status_code == 200
    assert 'href="/sign-in"' in page.text


async def test_the_search_page_preselects_nothing_and_says_on_whose_behalf(sari: httpx.AsyncClient) -> None:
    page = (await sari.get("/")).text
    assert "Tampereen kaupunki" in page
    assert " checked" not in page
    assert page.index('id="purpose-CHARGE"') < page.index('id="informed"') < page.index('id="identity_code"')


async def test_the_person_page_shows_the_groups_as_tables_with_headers(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    token = form_token((await sari.get("/")).text)
    page = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert page.status_code == 200
    assert page.text.count("<table") == 4
    assert page.text.count("<caption") == 4
    for shown in ("Meikäläinen, Maija", "010180Y9026", "7.12.2016", "1\xa0234,30\xa0€", "Kansaneläke", "klo 12.31.05"):
        assert shown in page.text
    assert "Ei näytetä: 3 kpl (ratkaisut)" in page.text
    assert str(person.access_event) in page.text
    assert page.headers["cache-control"] == "no-store"
    assert query_in(gateway.bus.asked[0]).purpose is Purpose.VERIFY
    assert query_in(gateway.bus.asked[0]).informed


async def test_an_empty_group_says_so_in_words(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person.model_copy(update={"pending": (), "payments": ()})
    page = await sari.post("/search", data={**SEARCH, "form_token": form_token((await sari.get("/")).text)})
    assert "Ei vireillä olevia hakemuksia." in page.text


async def test_a_refusal_is_a_page_of_its_own_with_rule_law_advice_and_log_entry(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    gateway.bus.answer = refusal
    page = await sari.post("/search", data={**SEARCH, "form_token": form_token((await sari.get("/")).text)})
    assert page.status_code == 403
    for shown in (
        "Haku estettiin",
        "Sopimus ei kata tätä.",
        "Ota yhteys",
        "L 812/2000 21 §",
        "kirjattu lokiin",
        str(refusal.event),
    ):
        assert shown in page.text


async def test_a_form_without_the_box_says_that_the_client_was_not_told(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    gateway.bus.answer = refusal
    form = {"purpose": "VERIFY", "identity_code": "010180Y9026", "form_token": form_token((await sari.get("/")).text)}
    await sari.post("/search", data=form)
    assert not query_in(gateway.bus.asked[0]).informed


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_form_of_another_session_is_refused(gateway: Gateway, sari: httpx.AsyncClient, token: str) -> None:
    page = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert page.status_code == 403
    assert gateway.bus.asked == []


async def test_another_persons_form_token_is_worth_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    async with gateway.signed_in("Outo Olli") as other:
        token = form_token((await other.get("/help")).text)
    page = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert page.status_code == 403


async def test_when_kafka_is_down_the_page_says_that_nothing_was_looked_up(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    gateway.bus.answer = Unavailable("down")
    page = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert page.status_code == 503
    assert "Mitään ei haettu" in page.text


async def test_an_ended_session_leads_to_the_sign_in(sari: httpx.AsyncClient) -> None:
    sari.cookies.clear()
    page = await sari.post("/search", data=SEARCH)
    assert page.status_code == 401
    assert "Istuntosi on päättynyt" in page.text


async def test_somebody_with_several_choices_chooses_on_a_page(gateway: Gateway, form_token: FormToken) -> None:
    async with gateway.signed_in("Lindqvist Kaj") as kaj:
        assert (await kaj.get("/")).headers["location"] == "/behalf"
        page = (await kaj.get("/behalf")).text
        chosen = await kaj.post("/behalf", data={"option": "0171450-7/297", "form_token": form_token(page)})
        assert chosen.headers["location"] == "/"
        assert "Kuopion kaupunki" in (await kaj.get("/")).text


async def test_the_claim_form_opens_for_the_person_without_an_address_that_names_them(
    sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    page = await sari.post("/claims/new", data={"identity_code": "010180Y9026", "form_token": token})
    assert 'value="010180Y9026"' in page.text
    assert "FI2112345600000785" in page.text
    assert "FI5410093000123458" not in page.text  # not confirmed by a second person
    assert "010180Y9026" not in str(page.url)


async def test_a_sent_claim_shows_its_receipt(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    page = (await sari.get("/claims/new")).text
    (key,) = re.findall(r'name="idempotency_key" value="(\w+)"', page)
    gateway.bus.answer = receipt
    shown = await sari.post("/claims", data={**CLAIM, "idempotency_key": key, "form_token": form_token(page)})
    assert shown.status_code == 201
    for text in ("V-2016-000002", "20.12.2016 klo 12.00.00", "26.1.2017", "23.12.2016"):
        assert text in shown.text
    claim = claim_in(gateway.bus.asked[0])
    assert (claim.idempotency_key, claim.amount, claim.last, claim.assistance) == (key, "all", None, None)


async def test_a_refused_claim_keeps_what_was_typed_and_gets_a_new_key(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    gateway.bus.answer = refusal
    token = form_token((await sari.get("/claims/new")).text)
    form = {**CLAIM, "idempotency_key": "k" * 32, "form_token": token}
    page = await sari.post("/claims", data=form)
    assert page.status_code == 403
    assert "Koivukoti" in page.text
    assert "Sopimus ei kata tätä." in page.text
    assert "k" * 32 not in page.text


async def test_a_faulty_field_is_named_on_top_and_beside_itself(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/claims/new")).text)
    form = {**CLAIM, "first": "eilen", "idempotency_key": "k" * 32, "form_token": token}
    page = await sari.post("/claims", data=form)
    assert page.status_code == 422
    assert 'href="#first"' in page.text
    assert 'id="first-fault"' in page.text
    assert "k" * 32 in page.text
    assert gateway.bus.asked == []


async def test_a_late_receipt_can_be_asked_for(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/claims/new")).text)
    gateway.bus.answer = NoAnswer("late")
    page = await sari.post("/claims", data={**CLAIM, "idempotency_key": "k" * 32, "form_token": token})
    assert page.status_code == 202
    gateway.bus.answer = receipt
    shown = await sari.post("/claims/status", data={"key": "k" * 32, "form_token": token})
    assert "V-2016-000002" in shown.text


@pytest.mark.parametrize(
    ("language", "word"), [("fi", "Henkilötunnus"), ("sv", "Personbeteckning"), ("en", "Personal identity code")]
)
async def test_the_language_is_remembered(sari: httpx.AsyncClient, language: str, word: str) -> None:
    switched = await sari.get(f"/language/{language}", params={"to": "/claims/new"})
    assert switched.headers["location"] == "/claims/new"
    page = await sari.get("/claims/new")
    assert word in page.text
    assert f'<html lang="{language}">' in page.text


async def test_a_language_switch_leads_to_no_other_site(sari: httpx.AsyncClient) -> None:
    for target in ("https://evil.test/", "//evil.test", "/search"):
        assert (await sari.get("/language/sv", params={"to": target})).headers["location"] == "/"


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_every_page_renders_in_every_language(
    gateway: Gateway,
    sari: httpx.AsyncClient,
    person: PersonView,
    refusal: Refused,
    receipt: ClaimReceipt,
    form_token: FormToken,
    language: str,
) -> None:
    await sari.get(f"/language/{language}")
    start = await sari.get("/")
    token = form_token(start.text)
    pages = [start, await sari.get("/behalf"), await sari.get("/claims/new"), await sari.get("/help")]
    for answer in (person, refusal):
        gateway.bus.answer = answer
        pages.append(await sari.post("/search", data={**SEARCH, "form_token": token}))
    gateway.bus.answer = receipt
    form = {**CLAIM, "idempotency_key": "k" * 32, "form_token": token}
    pages.append(await sari.post("/claims", data=form))
    assert [page.status_code for page in pages] == [200, 200, 200, 200, 200, 403, 201]
    for page in pages:
        assert "{" not in page.text  # no words with an unfilled place


async def test_every_answer_carries_the_strict_headers(sari: httpx.AsyncClient) -> None:
    for path in ("/", "/static/kelmu.css", "/api/v1/session", "/nowhere"):
        headers = (await sari.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert ("no-store" in headers["cache-control"]) == (path != "/static/kelmu.css")


async def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    token = form_token((await sari.get("/")).text)
    for page in (await sari.get("/claims/new"), await sari.post("/search", data={**SEARCH, "form_token": token})):
        assert not re.search(
            r"<script(?! src=\"/static/)|</script>(?<!defer></script>)|<style|\sstyle=|\son\w+=|https?://", page.text
        )


async def test_a_name_is_shown_and_never_executed(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person.model_copy(update={"name": "<script>alert(1)</script>"})
    token = form_token((await sari.get("/")).text)
    page = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_signing_out_on_the_page_needs_its_form(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    assert (await sari.post("/sign-out", data={})).status_code in {403, 415}
    assert (await sari.post("/sign-out", data={"form_token": "x"})).status_code == 403
    token = form_token((await sari.get("/")).text)
    assert (await sari.post("/sign-out", data={"form_token": token})).status_code == 303
    assert gateway.store.rows == {}


async def test_an_unknown_page_is_404_in_words(sari: httpx.AsyncClient) -> None:
    page = await sari.get("/nowhere")
    assert page.status_code == 404
    assert "Täällä ei ole mitään." in page.text
