"""Nothing typed is lost and nothing is done on another behalf: forms that come late, twice or from another tab."""

import html
import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from shared.contracts.answers import ClaimReceipt, PersonView
from tests.component.gateway.world import GATEWAY, SARI, FormToken, Gateway, claim_in, query_in

SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": "010180Y9026", "relation": "Huoli <b>lapsesta</b>"}
CLAIM = {
    "idempotency_key": "0123456789abcdef",
    "identity_code": "010180Y9026",
    "benefit": "kansanelake",
    "ground": "aml_14",
    "first": "2017-01-01",
    "whole": "yes",
    "account": "main",
    "reference": "1232",
    "handler_name": "Sari",
    "handler_phone": "03 123",
}
KUOPIO, OTHER = "0171450-7/297", "0171450-7/174"


def fields_of(page: str, action: str) -> dict[str, str]:
    """The hidden fields of the form of a page that goes there."""
    (form,) = re.findall(rf'<form method="post" action="{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in found}


@pytest.fixture
async def kaj(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who may act for two municipalities and has not chosen yet."""
    async with gateway.browser_of("290200A950Y", "Lindqvist Kaj") as browser:
        yield browser


async def choose(browser: httpx.AsyncClient, option: str, form_token: FormToken) -> str:
    """Act for this one; gives the token of a form that is shown then."""
    await browser.post(
        "/behalf", data={"option": option, "form_token": form_token((await browser.get("/behalf")).text)}
    )
    return form_token((await browser.get("/")).text)


async def lost(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, path: str, form: dict[str, str]
) -> str:
    """Type a form, let the session end, send it; gives the page that answers."""
    token = form_token((await sari.get("/help")).text)
    gateway.clocks.system += timedelta(minutes=45)
    page = await sari.post(path, data={**form, "form_token": token})
    assert page.status_code == 401
    return page.text


async def again(gateway: Gateway, browser: httpx.AsyncClient, person: str = SARI) -> None:
    await gateway.sign_in(browser, person, "x")


async def test_a_search_typed_before_the_session_ended_is_put_back_after_signing_in_again(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    page = await lost(gateway, sari, form_token, "/search", SEARCH)
    assert "15 minuuttia" in page
    assert (gateway.bus.asked, "010180Y9026" in page) == ([], False)
    await again(gateway, sari)
    kept = await sari.get("/typed")
    assert kept.headers["cache-control"] == "no-store"
    assert "Huoli &lt;b&gt;lapsesta" in kept.text
    gateway.bus.answer = person
    shown = await sari.post("/search", data=fields_of(kept.text, "/search"))
    assert person.name in shown.text
    assert query_in(gateway.bus.asked[0]).identity_code == "010180Y9026"
    assert gateway.store.forms == {}
    assert (await sari.get("/typed")).status_code == 404


async def test_signing_in_at_the_provider_leads_to_what_was_typed(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await lost(gateway, sari, form_token, "/search", SEARCH)
    start = await sari.get("/sign-in")
    address = httpx.URL(start.headers["location"])
    back = await sari.post(address.copy_with(query=None), data={**dict(address.params), "person": "Virtanen Sari"})
    assert (await sari.get(back.headers["location"])).headers["location"] == "/typed"


async def test_a_claim_is_put_back_into_its_form_and_keeps_its_key(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await lost(gateway, sari, form_token, "/claims", CLAIM)
    await again(gateway, sari)
    kept = fields_of((await sari.get("/typed")).text, "/claims")
    form = (await sari.post("/claims", data={**kept, "more": "yes"})).text
    assert gateway.bus.asked == []
    for typed in ('value="010180Y9026"', 'value="1232"', 'value="03 123"', 'value="0123456789abcdef"'):
        assert typed in form


async def test_what_was_typed_is_shown_to_nobody_else(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await lost(gateway, sari, form_token, "/search", SEARCH)
    await again(gateway, sari, "310323F999K")
    page = await sari.get("/typed")
    assert (page.status_code, "010180Y9026" in page.text) == (404, False)
    async with gateway.fresh() as other_browser:
        other_browser.base_url = httpx.URL(GATEWAY)
        await again(gateway, other_browser)
        assert (await other_browser.get("/typed")).status_code == 404


async def test_what_was_typed_is_sealed_and_lives_for_a_quarter_of_an_hour(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await lost(gateway, sari, form_token, "/search", SEARCH)
    (row,) = gateway.store.forms.values()
    assert b"010180" not in row.sealed
    assert row.ends == gateway.clocks.system + timedelta(minutes=15)
    gateway.clocks.system += timedelta(minutes=15)
    await again(gateway, sari)
    assert (await sari.get("/typed")).status_code == 404


async def test_what_was_typed_can_be_thrown_away(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    await lost(gateway, sari, form_token, "/search", SEARCH)
    await again(gateway, sari)
    token = form_token((await sari.get("/typed")).text)
    assert (await sari.post("/typed/drop", data={"form_token": token})).headers["location"] == "/"
    assert gateway.store.forms == {}


@pytest.mark.parametrize("token", ["", "0" * 64])
async def test_a_form_that_is_none_of_the_ended_sessions_is_not_kept(
    gateway: Gateway, sari: httpx.AsyncClient, token: str
) -> None:
    gateway.clocks.system += timedelta(minutes=45)
    assert (await sari.post("/search", data={**SEARCH, "form_token": token})).status_code == 401
    assert gateway.store.forms == {}


async def test_a_form_of_the_persons_earlier_session_is_held_and_offered(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    await again(gateway, sari)
    held = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert (held.status_code, held.headers["location"], gateway.bus.asked) == (303, "/typed", [])
    gateway.bus.answer = person
    assert (await sari.post("/search", data=fields_of((await sari.get("/typed")).text, "/search"))).status_code == 200


async def test_a_form_shown_on_another_behalf_than_now_does_nothing_and_gives_the_choice(
    gateway: Gateway, kaj: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    first_tab = await choose(kaj, KUOPIO, form_token)
    await choose(kaj, OTHER, form_token)
    held = await kaj.post("/search", data={**SEARCH, "form_token": first_tab})
    assert (held.status_code, held.headers["location"], gateway.bus.asked) == (303, "/typed", [])
    page = await kaj.get("/typed", headers={"accept-language": "en"})
    assert "the form was shown on behalf of: Pohjois-Savon kuntayhtymä · on behalf of: Kuopion kaupunki" in page.text
    assert 'action="/search"' not in page.text
    await kaj.post("/typed/return", data=fields_of(page.text, "/typed/return"))
    gateway.bus.answer = person
    await kaj.post("/search", data=fields_of((await kaj.get("/typed")).text, "/search"))
    assert gateway.bus.asked[0].actor.member == "297"


async def test_the_tab_of_the_present_behalf_goes_on_working(
    gateway: Gateway, kaj: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    await choose(kaj, KUOPIO, form_token)
    second_tab = await choose(kaj, OTHER, form_token)
    gateway.bus.answer = person
    assert (await kaj.post("/search", data={**SEARCH, "form_token": second_tab})).status_code == 200
    assert gateway.bus.asked[0].actor.member == "174"


async def test_any_tab_may_sign_out(gateway: Gateway, kaj: httpx.AsyncClient, form_token: FormToken) -> None:
    first_tab = await choose(kaj, KUOPIO, form_token)
    await choose(kaj, OTHER, form_token)
    await kaj.post("/sign-out", data={"form_token": first_tab})
    assert gateway.store.rows == {}


async def test_register_pressed_twice_is_one_claim(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    page = (await sari.get("/claims/new")).text
    (key,) = re.findall(r'name="idempotency_key" value="(\w+)"', page)
    gateway.bus.answer = receipt
    form = {**CLAIM, "idempotency_key": key, "form_token": form_token(page)}
    answers = [await sari.post("/claims", data=form) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 201]
    assert [receipt.number in one.text for one in answers] == [True, True]
    assert {claim_in(one).idempotency_key for one in gateway.bus.asked} == {key}
