"""Requests that no page of ours sends: from elsewhere, without a token, far too large. Nobody is asked anything."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.component.gateway.routes import SAMPLES
from tests.component.gateway.world import FormToken, Gateway

FORMS = sorted(path for method, path in SAMPLES if method == "POST" and not path.startswith("/api/"))
TYPE = {"content-type": "application/x-www-form-urlencoded"}
SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": "010180Y9026"}
MEGABYTE = b"a" * 1_048_576


async def in_pieces() -> AsyncIterator[bytes]:
    """10 MB that nobody announces."""
    for _ in range(10):
        yield MEGABYTE


@pytest.mark.parametrize("path", FORMS)
async def test_no_form_is_taken_from_elsewhere_or_without_its_token(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, path: str
) -> None:
    token = {"form_token": form_token((await sari.get("/")).text)}
    before = dict(gateway.store.rows)
    for headers in ({"origin": "http://evil.test"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}):
        assert (await sari.post(path, data={**SEARCH, **token}, headers=headers)).status_code == 403
    assert (await sari.post(path, data=SEARCH)).status_code == 403
    assert (gateway.bus.asked, gateway.store.rows) == ([], before)


@pytest.mark.parametrize("token", ["ä" * 64, "\x00", "0" * 60_000, "' or 1=1 --", "%ff%fe"])
async def test_an_odd_token_is_a_wrong_token(gateway: Gateway, sari: httpx.AsyncClient, token: str) -> None:
    assert (await sari.post("/search", data={**SEARCH, "form_token": token})).status_code == 403
    assert gateway.bus.asked == []


@pytest.mark.parametrize("cookie", ["kelmu_session", "kelmu_typed", "kelmu_sign_in", "kelmu_language"])
async def test_an_odd_cookie_opens_nothing_and_breaks_nothing(gateway: Gateway, cookie: str) -> None:
    async with gateway.fresh() as stranger:
        for value in ("x", "=" * 4000, "%00", '""', "../../etc"):
            headers = {"cookie": f"{cookie}={value}"}
            assert (await stranger.get("http://gateway.test/typed", headers=headers)).status_code == 401
            assert (await stranger.get("http://gateway.test/", headers=headers)).status_code == 200
            back = "http://gateway.test/sign-in/callback?code=c&state=s"
            assert (await stranger.get(back, headers=headers)).status_code == 400


async def test_nothing_but_static_files_may_be_kept_by_a_browser(sari: httpx.AsyncClient) -> None:
    for method, path in SAMPLES:
        if method == "GET" and not path.startswith("/static/"):
            answer = await sari.get(SAMPLES[method, path].at)
            assert answer.headers["cache-control"] == "no-store", path


@pytest.mark.parametrize("announced", [True, False])
async def test_ten_megabytes_are_refused_before_anything_is_read_of_them(
    gateway: Gateway, sari: httpx.AsyncClient, *, announced: bool
) -> None:
    body = MEGABYTE * 10 if announced else in_pieces()
    answer = await sari.post("/search", content=body, headers=TYPE)
    assert answer.status_code == 413
    assert gateway.bus.asked == []


async def test_ten_megabytes_of_an_ended_session_are_not_kept(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.clocks.system = gateway.clocks.system.replace(hour=23)
    assert (await sari.post("/search", content=in_pieces(), headers=TYPE)).status_code == 401
    assert gateway.store.forms == {}
