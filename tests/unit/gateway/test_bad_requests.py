"""Requests that no page of ours sends: from elsewhere, without a token, far too large. Nobody is asked anything."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.unit.gateway.routes import SAMPLES
from tests.unit.gateway.world import FormToken, Gateway

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
