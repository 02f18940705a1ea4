"""How sessions are kept alive, warned of and ended, and what their cookies are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from deploy.demo.client import GatewayClient
from services.gateway.settings import GatewaySettings
from shared.contracts.answers import PersonView
from tests.component.gateway.world import GATEWAY, FormToken, Gateway

SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": "010180Y9026"}


@pytest.fixture
def over_tls(gateway: Gateway) -> Iterator[Gateway]:
    """A gateway whose cookies travel over TLS only."""
    changed = GatewaySettings.model_validate({**gateway.parts.settings.model_dump(), "cookie_secure": True})
    gateway.app.state.parts = replace(gateway.parts, settings=changed)
    yield gateway
    gateway.app.state.parts = gateway.parts


async def extended(browser: httpx.AsyncClient, token: str) -> tuple[datetime, datetime]:
    answer = await browser.post("/session/extend", data={"form_token": token})
    assert (answer.status_code, answer.content) == (204, b"")
    ends, idle = (answer.headers[f"kelmu-session-{one}"] for one in ("ends", "idle-ends"))
    return datetime.fromisoformat(ends), datetime.fromisoformat(idle)


async def test_the_page_knows_when_the_session_ends(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    began = gateway.clocks.system
    gateway.clocks.system += timedelta(minutes=20)
    session = await gateway.parts.sessions.find(sari.cookies["kelmu_session"])
    assert session is not None
    assert (session.ends_at, session.idle_ends_at) == (began + timedelta(hours=8), began + timedelta(minutes=50))
    body = (await sari.get("/api/v1/session")).json()
    assert datetime.fromisoformat(body["idle_expires"]) == session.idle_ends_at


async def test_a_session_is_extended_where_it_stands_but_not_beyond_its_limit(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    began, token = gateway.clocks.system, form_token((await sari.get("/")).text)
    for minutes in range(29, 8 * 60, 29):
        gateway.clocks.system = began + timedelta(minutes=minutes)
        ends, idle = await extended(sari, token)
        assert (ends, idle) == (began + timedelta(hours=8), gateway.clocks.system + timedelta(minutes=30))
    gateway.clocks.system = began + timedelta(hours=8)
    assert (await sari.post("/session/extend", data={"form_token": token})).status_code == 401


async def test_extending_needs_the_form_and_wakes_no_ended_session(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    assert (await sari.post("/session/extend", data={"form_token": "0" * 64})).status_code == 403
    gateway.clocks.system += timedelta(minutes=30)
    assert (await sari.post("/session/extend", data={"form_token": token})).status_code == 401
    assert (await sari.get("/api/v1/session")).status_code == 401


async def test_signing_out_ends_the_session_here_and_leads_on_to_the_provider_and_back(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    there = await sari.post("/sign-out", data={"form_token": token})
    assert gateway.store.rows == {}
    address = urlsplit(there.headers["location"])
    assert (address.netloc, address.path) == ("idp.test", "/end-session")
    assert dict(parse_qsl(address.query)) == {
        "client_id": "kelmu-gateway",
        "post_logout_redirect_uri": f"{GATEWAY}/",
    }
    assert "form-action 'self' http://idp.test;" in there.headers["content-security-policy"]
    assert (await sari.get(there.headers["location"])).headers["location"] == f"{GATEWAY}/"


async def test_a_provider_that_is_away_hinders_nobody_from_signing_out(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    def down(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    gateway.parts.oidc.http = httpx.AsyncClient(transport=httpx.MockTransport(down))
    token = form_token((await sari.get("/")).text)
    assert (await sari.post("/sign-out", data={"form_token": token})).headers["location"] == "/"
    assert gateway.store.rows == {}


async def test_the_back_button_after_signing_out_finds_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    token = form_token((await sari.get("/")).text)
    shown = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert person.name in shown.text
    assert shown.headers["cache-control"] == "no-store"
    cookie = sari.cookies["kelmu_session"]
    await sari.post("/sign-out", data={"form_token": token})
    sari.cookies.set("kelmu_session", cookie, domain="gateway.test", path="/")
    again = await sari.post("/search", data={**SEARCH, "form_token": token})
    assert again.status_code == 401
    assert person.name not in again.text
    assert len(gateway.bus.asked) == 1


async def test_over_tls_cookies_are_tied_to_this_host_and_to_tls(over_tls: Gateway) -> None:
    async with over_tls.fresh() as browser:
        start = await browser.get(f"{GATEWAY}/sign-in")
        (attempt,) = start.headers.get_list("set-cookie")
        name, _, rest = attempt.partition("=")
        address = urlsplit(start.headers["location"])
        form = {**dict(parse_qsl(address.query)), "person": "Virtanen Sari"}
        back = await browser.post(f"http://idp.test{address.path}", data=form)
        sealed = {"cookie": f"{name}={rest.partition(';')[0]}"}
        done = await browser.get(back.headers["location"], headers=sealed)
    opened = [one for one in done.headers.get_list("set-cookie") if one.startswith("__Host-kelmu_session=")]
    assert name == "__Host-kelmu_sign_in"
    for cookie in (attempt, *opened):
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= {one.strip() for one in cookie.split(";")}
        assert "domain" not in cookie.lower()
    assert len(opened) == 1


async def test_a_sub_id_is_told_in_words_that_it_is_bound_to_nobody(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        await GatewayClient(GATEWAY, browser).sign_in("alitunniste 7")
        page = await browser.get(f"{GATEWAY}/sign-in/sub-id", headers={"accept-language": "en"})
    assert "This ID is not bound to a person" in page.text
    assert "identify yourself with your personal ID" in page.text


async def test_signing_in_with_a_sub_id_leads_to_those_words(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        address = urlsplit((await browser.get(f"{GATEWAY}/sign-in")).headers["location"])
        form = {**dict(parse_qsl(address.query)), "person": "alitunniste 7"}
        back = await browser.post(f"http://idp.test{address.path}", data=form)
        done = await browser.get(back.headers["location"])
    assert done.headers["location"] == "/sign-in/sub-id"
