"""Signing in against the real development provider, and what a session is worth."""

from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from deploy.demo.client import GatewayClient, SignInRefusedError
from tests.component.gateway.world import Gateway

GATEWAY = "http://gateway.test"
SESSION = f"{GATEWAY}/api/v1/session"


async def to_callback(browser: httpx.AsyncClient, person: str = "Virtanen Sari") -> str:
    """The address to which the provider sends the person back."""
    start = await browser.get(f"{GATEWAY}/sign-in")
    address = urlsplit(start.headers["location"])
    form = {**dict(parse_qsl(address.query)), "person": person}
    response = await browser.post(f"{address.scheme}://{address.netloc}{address.path}", data=form)
    assert response.status_code == 303
    return response.headers["location"]


async def test_signing_in_tells_who_one_is_and_what_one_may_do(gateway: Gateway) -> None:
    async with gateway.signed_in() as browser:
        body = (await browser.get("/api/v1/session")).json()
    assert (body["name"], body["bound_to_person"], body["organisation"], body["member"]) == (
        "Virtanen Sari",
        True,
        "0211675-2",
        "837",
    )
    assert set(body["roles"]) == {"viewer", "fee_clerk"}


async def test_the_choices_are_the_mandates_of_the_day(gateway: Gateway) -> None:
    async with gateway.signed_in("Lindqvist Kaj") as kaj:
        found = (await kaj.get("/api/v1/organisations")).json()["organisations"]
        refused = await kaj.put("/api/v1/session/behalf", json={"organisation": "0211675-2", "member": "837"})
    assert [(one["organisation_name"], one["member"], one["member_name"]) for one in found] == [
        ("Pohjois-Savon kuntayhtymä", "174", "174"),
        ("Pohjois-Savon kuntayhtymä", "297", "Kuopion kaupunki"),
    ]
    assert (refused.status_code, refused.json()["code"]) == (422, "not_offered")


async def test_the_session_table_holds_neither_the_cookie_nor_the_person(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    cookie = sari.cookies["kelmu_session"]
    (row,) = gateway.store.rows.values()
    assert len(cookie) >= 43
    assert cookie.encode() not in row.id_hash + row.sealed
    assert b"010180-9015" not in row.sealed
    assert b"Virtanen" not in row.sealed


async def test_a_copied_row_opens_no_session_under_another_id(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    (row,) = gateway.store.rows.values()
    async with gateway.signed_in("Lindqvist Kaj") as other:
        (other_hash,) = gateway.store.rows.keys() - {row.id_hash}
        gateway.store.rows[other_hash] = row
        assert (await other.get("/api/v1/session")).status_code == 401
    assert (await sari.get("/api/v1/session")).status_code == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        response = await browser.get(await to_callback(browser))
    (cookie,) = [one for one in response.headers.get_list("set-cookie") if one.startswith("kelmu_session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_a_session_planted_before_the_sign_in_is_not_taken_over(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        browser.cookies.set("kelmu_session", "planted", domain="gateway.test")
        response = await browser.get(await to_callback(browser))
        assert response.status_code == 303
        assert browser.cookies["kelmu_session"] != "planted"
        browser.cookies.clear()
        browser.cookies.set("kelmu_session", "planted", domain="gateway.test")
        assert (await browser.get(SESSION)).status_code == 401


async def test_signing_in_again_ends_the_former_session(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    former = sari.cookies["kelmu_session"]
    await GatewayClient(GATEWAY, sari).sign_in("Virtanen Sari")
    assert sari.cookies["kelmu_session"] != former
    assert len(gateway.store.rows) == 1


@pytest.mark.parametrize("unused", [timedelta(minutes=30), timedelta(hours=9)])
async def test_a_session_ends_when_it_is_not_used(gateway: Gateway, sari: httpx.AsyncClient, unused: timedelta) -> None:
    gateway.clocks.system += unused
    assert (await sari.get("/api/v1/session")).status_code == 401


async def test_a_session_in_use_lives_on_but_not_for_ever(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    for _ in range(23):
        gateway.clocks.system += timedelta(minutes=20)
        assert (await sari.get("/api/v1/session")).status_code == 200
    gateway.clocks.system += timedelta(minutes=20)
    assert (await sari.get("/api/v1/session")).status_code == 401


async def test_the_business_clock_ends_no_session(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.clocks.business += timedelta(days=60)
    assert (await sari.get("/api/v1/session")).status_code == 200


async def test_use_is_noted_at_most_once_a_minute(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    for _ in range(3):
        await sari.get("/api/v1/session")
    assert gateway.store.touches == 0
    gateway.clocks.system += timedelta(minutes=1)
    for _ in range(3):
        await sari.get("/api/v1/session")
    assert gateway.store.touches == 1


async def test_signing_out_ends_the_session(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    assert (await sari.delete("/api/v1/session")).status_code == 204
    assert gateway.store.rows == {}
    assert (await sari.get("/api/v1/session")).status_code == 401


async def test_an_answer_with_another_state_is_refused(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        address = httpx.URL(await to_callback(browser)).copy_set_param("state", "forged")
        response = await browser.get(address)
    assert response.status_code == 400
    assert gateway.store.rows == {}


async def test_an_answer_that_somebody_elses_browser_fetched_is_refused(gateway: Gateway) -> None:
    async with gateway.fresh() as browser, gateway.fresh() as victim:
        address = await to_callback(browser)
        assert (await victim.get(address)).status_code == 400
        await victim.get(f"{GATEWAY}/sign-in")
        assert (await victim.get(address)).status_code == 400
    assert gateway.store.rows == {}


async def test_a_code_works_once(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        address = await to_callback(browser)
        kept = dict(browser.cookies)
        assert (await browser.get(address)).status_code == 303
        for name, value in kept.items():
            browser.cookies.set(name, value, domain="gateway.test", path="/sign-in")
        assert (await browser.get(address)).status_code == 400


async def test_a_sign_in_that_took_too_long_is_refused(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        address = await to_callback(browser)
        gateway.clocks.system += timedelta(minutes=11)
        assert (await browser.get(address)).status_code == 400


async def test_somebody_the_provider_does_not_know_is_not_signed_in(gateway: Gateway) -> None:
    async with gateway.fresh() as browser:
        with pytest.raises(SignInRefusedError, match=r"callback.*400"):
            await GatewayClient(GATEWAY, browser).sign_in("Ei Kukaan")


async def test_a_changed_signing_key_is_read_anew(gateway: Gateway) -> None:
    async with gateway.signed_in():
        gateway.provider.key = OKPKey.import_key(Ed25519PrivateKey.generate())
    async with gateway.signed_in() as browser:
        assert (await browser.get("/api/v1/session")).status_code == 200


@pytest.mark.parametrize(("change", "why"), [("issuer", "another issuer"), ("client_id", "another audience")])
async def test_a_token_of_another_issuer_or_for_another_client_is_refused(
    gateway: Gateway, change: str, why: str
) -> None:
    async with gateway.fresh() as browser:
        address = await to_callback(browser)
        gateway.parts.oidc.__setattr__(change, f"http://{why.replace(' ', '-')}.test")
        if change == "client_id":
            gateway.provider.client_id = gateway.parts.oidc.client_id
            gateway.parts.oidc.client_id = "expected-by-the-gateway"
        response = await browser.get(address)
    assert response.status_code == 400
    assert gateway.store.rows == {}


async def test_a_provider_that_does_not_answer_is_503(gateway: Gateway) -> None:
    def down(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down")

    gateway.parts.oidc.http = httpx.AsyncClient(transport=httpx.MockTransport(down))
    async with gateway.fresh() as browser:
        response = await browser.get(f"{GATEWAY}/sign-in")
    assert response.status_code == 503
    assert "Tunnistuspalvelu ei vastaa" in response.text
