"""A walk over every route: nothing personal leaves the gateway unless a service answered with it, after logging.

The canary is a client of whom another worker was just shown everything, by every route that asks a service. Whatever
the gateway kept of that, in whichever route, would show here: the services then refuse, fall silent or are away, and
no answer may hold the canary.
"""

import asyncio
import logging

import httpx
import pytest
from fastapi import FastAPI

from shared.bus.client import NoAnswer, Unavailable
from shared.contracts.asking import ClaimStatusQuery
from tests.component.gateway.canaries import CANARIES
from tests.component.gateway.reported import CANARY, CANARY_NAME
from tests.component.gateway.routes import SAMPLES, Name, declared, fill
from tests.component.gateway.walking import Walk
from tests.component.gateway.world import GATEWAY, LEENA, SARI, Gateway

OTHER = "290200A950Y"
"""A client of whom nothing was shown."""
PRIVATE = [name for name, sample in SAMPLES.items() if not sample.public]
ASKING = [name for name, sample in SAMPLES.items() if sample.asks]


async def show_the_canary(walk: Walk) -> None:
    """Another worker is shown everything there is of the canary."""
    walk.services.acknowledged = True
    async with await walk.browser(LEENA, "Toinen Leena") as other:
        for name in ASKING:
            response = await walk.send(other, name, CANARY)
            shown = [one for one in CANARIES if one in response.text]
            assert shown, f"{name} does not show what it was answered: {response.text[:300]}"
    walk.services.acknowledged = False
    walk.services.asked.clear()


def test_the_walk_knows_every_route(gateway: Gateway) -> None:
    assert set(declared(gateway.app)) == set(SAMPLES)


async def test_the_api_describes_every_operation(gateway: Gateway) -> None:
    document = gateway.app.openapi()
    described = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    hidden = {("GET", "/api/v1/openapi.json")}
    assert described == {name for name in SAMPLES if name[1].startswith("/api/")} - hidden


@pytest.mark.parametrize("name", PRIVATE, ids=" ".join)
async def test_a_stranger_gets_nowhere(walk: Walk, name: Name) -> None:
    sample = SAMPLES[name]
    form = None if name[1].startswith("/api/") or sample.body is None else {"form_token": "0" * 64}
    async with walk.gateway.fresh() as stranger:
        stranger.base_url = httpx.URL(GATEWAY)
        response = await stranger.request(
            name[0], sample.at, json=None if form else fill(sample.body, OTHER), data=form
        )
    assert response.status_code == 401
    assert walk.services.asked == []


@pytest.mark.parametrize(
    "otherwise", [None, NoAnswer("too late"), Unavailable("kafka is down")], ids=["refused", "silent", "away"]
)
async def test_no_route_shows_what_no_service_answered(walk: Walk, otherwise: Exception | None) -> None:
    await show_the_canary(walk)
    walk.services.otherwise = otherwise
    for name, sample in SAMPLES.items():
        asked_before = len(walk.services.asked)
        async with await walk.browser(SARI, "Virtanen Sari") as browser:
            response = await walk.send(browser, name, OTHER)
        assert [one for one in CANARIES if one in response.text] == [], name
        assert (len(walk.services.asked) > asked_before) is sample.asks, f"{name}: {response.text[:300]}"
        if sample.asks:
            assert response.status_code not in {200, 201}, name


async def test_an_answer_to_one_asker_reaches_no_other(walk: Walk) -> None:
    """Two workers ask the same at once; the services acknowledge only one of the two."""
    async with await walk.browser(SARI, "Virtanen Sari") as first, await walk.browser(LEENA, "Toinen Leena") as second:
        walk.services.acknowledged = True
        shown = await walk.send(first, ("POST", "/api/v1/lookups"), CANARY)
        walk.services.acknowledged = False
        refused = await asyncio.gather(
            *(walk.send(one, ("POST", "/api/v1/lookups"), CANARY) for one in (first, second))
        )
    assert CANARY_NAME in shown.text
    assert [CANARY_NAME in one.text for one in refused] == [False, False]


@pytest.mark.parametrize("acknowledged", [True, False], ids=["shown", "refused"])
async def test_no_address_header_cookie_or_log_line_names_a_client(
    walk: Walk, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str], *, acknowledged: bool
) -> None:
    caplog.set_level(logging.DEBUG)
    walk.services.acknowledged = acknowledged
    seen: list[str] = []
    for name in SAMPLES:
        async with await walk.browser(SARI, "Virtanen Sari") as browser:
            response = await walk.send(browser, name, CANARY)
            jar = [f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar]
        sent = response.request
        seen += [str(sent.url), repr(sent.headers.raw), repr(response.headers.raw), *jar]
    written = capsys.readouterr()
    everything = "\n".join([*seen, caplog.text, written.out, written.err])
    assert CANARY not in everything
    assert "Kanarialintu" not in everything


@pytest.mark.parametrize("name", ASKING, ids=" ".join)
async def test_no_key_of_a_request_names_a_client(walk: Walk, name: Name) -> None:
    async with await walk.browser(SARI, "Virtanen Sari") as browser:
        await walk.send(browser, name, CANARY)
    (question,) = walk.services.asked
    assert CANARY not in question.key
    assert isinstance(question.body, ClaimStatusQuery) or name[0] != "GET"


def test_an_identity_code_has_no_place_in_an_address() -> None:
    """No route takes a person from its address: what stands in one is a log event, a key, a list or a language."""
    named = {part for _, path in SAMPLES for part in path.split("/") if part.startswith("{")}
    assert named == {"{access_event}", "{idempotency_key}", "{language}", "{name}"}


def test_the_walk_finds_mounted_routes_too(gateway: Gateway) -> None:
    outer, inner = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), FastAPI(docs_url=None, redoc_url=None)
    inner.add_api_route("/hidden", lambda: None, methods=["POST"])
    outer.mount("/inner", inner)
    assert set(declared(outer)) == {("GET", "/inner/openapi.json"), ("POST", "/inner/hidden")}
    assert set(declared(outer)).isdisjoint(declared(gateway.app))
