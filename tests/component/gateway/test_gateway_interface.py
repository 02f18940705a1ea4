"""The interface for a municipality's own system: who is recognised, at what pace, and what a repeat answers."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.gateway.interface import command_key_of, request_of
from shared.bus.client import AlreadyAsked, Question
from shared.contracts.agreements import AgreementChanged
from shared.contracts.answers import Failed, NoticeDone, PersonView, Refused
from shared.contracts.asking import IdempotencyKey, NoticeCommand
from shared.contracts.base import Channel, Role
from tests.component.gateway.world import CLIENT, FINGERPRINT, GATEWAY, OLD_TOKEN, TOKEN, Gateway

LOOKUPS = "/api/v1/interface/lookups"
ASKED: dict[str, object] = {"member": "837", "identity_code": CLIENT, "purpose": "VERIFY", "informed": True}
ACT_AT = "/api/v1/interface/notices/act"
ACT: dict[str, object] = {"member": "837", "purpose": "ETOTU", "notice": "N-1", "version": 1, "action": "take"}
KEY = "0123456789abcdef"
HEADERS = {"authorization": f"Bearer {TOKEN}", "x-kelmu-user": "Meikäläinen Matti", "idempotency-key": KEY}


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HEADERS.items() if key != name}


@pytest.fixture
async def system(gateway: Gateway) -> httpx.AsyncClient:
    client = gateway.fresh()
    client.base_url = httpx.URL(GATEWAY)
    return client


def encoded(headers: dict[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in headers.items()}


def commanded(question: Question) -> str:
    assert isinstance(question.body, NoticeCommand)
    return question.body.idempotency_key


async def call(system: httpx.AsyncClient, headers: dict[str, str], **body: object) -> httpx.Response:
    return await system.post(LOOKUPS, json={**ASKED, **body}, headers=encoded(headers))


async def test_a_system_asks_as_itself_for_its_stated_user(
    gateway: Gateway, system: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    response = await call(system, HEADERS)
    (question,) = gateway.bus.asked
    actor = question.actor
    assert (response.status_code, response.json()["identity_code"]) == (200, CLIENT)
    assert (actor.channel, actor.system, actor.name) == (Channel.INTERFACE, "effica", "Meikäläinen Matti")
    assert (actor.identity_code, actor.organisation, actor.member) == (None, "0211675-2", "837")
    assert actor.roles == (Role.VIEWER,)
    assert question.id == actor.request == request_of("A-TAMPERE", "effica", KEY)
    assert "set-cookie" not in response.headers


async def test_the_same_key_is_the_same_request_and_another_agreements_is_not(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    await call(system, HEADERS)
    await call(system, HEADERS)
    first, second = gateway.bus.asked
    assert first.id == second.id != request_of("A-OTHER", "effica", KEY)


@pytest.mark.parametrize(
    "outcome", [Failed(code="repeated", reason="decided before", retry=True), AlreadyAsked("under way")]
)
async def test_a_repeat_is_told_that_nothing_is_shown_twice(
    gateway: Gateway, system: httpx.AsyncClient, outcome: Failed | AlreadyAsked
) -> None:
    gateway.bus.answer = outcome
    response = await call(system, HEADERS)
    assert (response.status_code, response.json()["code"]) == (409, "repeated")
    assert "not shown twice" in response.json()["title"]


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {OLD_TOKEN}", TOKEN],
    ids=["none", "empty", "wrong", "basic", "ended", "bare"],
)
async def test_whoever_is_not_known_gets_no_hint(
    gateway: Gateway, system: httpx.AsyncClient, authorization: str
) -> None:
    response = await call(system, {**without("authorization"), "authorization": authorization})
    assert response.status_code == 401
    assert response.json() == {
        "type": "urn:kelmu:problem:unknown_system",
        "title": "The call was not recognised.",
        "status": 401,
        "detail": "Call with the valid token or certificate of an agreement.",
        "code": "unknown_system",
    }
    assert gateway.bus.asked == []
    assert gateway.pace.rows == {}


async def test_a_session_opens_nothing_here(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    assert (await sari.post(LOOKUPS, json=ASKED, headers=encoded(without("authorization")))).status_code == 401
    assert gateway.bus.asked == []


async def test_origins_mean_nothing_where_no_cookie_is_read(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    response = await call(system, {**HEADERS, "origin": "https://effica.example"})
    assert (response.status_code, response.json()["code"]) == (403, "gate.purpose_covered")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("x-kelmu-user", ""),
        ("x-kelmu-user", "x" * 101),
        ("x-kelmu-user", "010180-9015"),
        ("idempotency-key", ""),
        ("idempotency-key", "short"),
        ("idempotency-key", "010180-9015"),
    ],
)
async def test_an_odd_header_is_named_and_nothing_is_asked(
    gateway: Gateway, system: httpx.AsyncClient, header: str, value: str
) -> None:
    response = await call(system, {**HEADERS, header: value})
    assert (response.status_code, response.json()["header"].lower()) == (422, header)
    assert "010180-9015" not in response.text
    assert gateway.bus.asked == []


async def test_an_emergency_is_not_for_systems(gateway: Gateway, system: httpx.AsyncClient) -> None:
    assert (await call(system, HEADERS, emergency={"reason": "x"})).status_code == 422
    assert gateway.bus.asked == []


async def test_beyond_its_pace_a_call_costs_nothing_and_says_when_to_come_again(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    gateway.clocks.system = gateway.clocks.system.replace(second=18)
    answers = [await call(system, {**HEADERS, "idempotency-key": f"{KEY}{n}"}) for n in range(5)]
    assert [one.status_code for one in answers] == [403, 403, 403, 429, 429]
    assert len(gateway.bus.asked) == 3
    late = answers[-1]
    assert (late.headers["retry-after"], late.headers["content-type"]) == ("42", "application/problem+json")
    assert "Wait 42 seconds" in late.json()["detail"]
    gateway.clocks.system += timedelta(seconds=42)
    assert (await call(system, HEADERS)).status_code == 403


async def test_a_certificate_counts_only_where_a_terminator_is_trusted(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    headers = {**without("authorization"), "x-client-fingerprint": FINGERPRINT.upper()}
    assert (await call(system, headers)).status_code == 401
    settings = gateway.parts.settings.model_copy(update={"certificate_header": "X-Client-Fingerprint"})
    gateway.app.state.parts = replace(gateway.parts, settings=settings)
    assert (await call(system, headers)).status_code == 403
    assert (await call(system, {**headers, "x-client-fingerprint": "cd" * 32})).status_code == 401
    assert (await call(system, {**headers, "authorization": "Bearer wrong"})).status_code == 401


async def test_a_system_taken_off_the_agreement_is_unknown_at_once(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    known = gateway.agreements.directory.agreement("A-TAMPERE")
    assert isinstance(known, AgreementChanged)
    gateway.agreements.directory.apply(known.model_copy(update={"version": 2, "interface_clients": ()}))
    assert (await call(system, HEADERS)).status_code == 401


async def test_while_agreements_are_unknown_no_system_is_recognised(
    gateway: Gateway, system: httpx.AsyncClient
) -> None:
    gateway.agreements.ready = False
    assert (await call(system, HEADERS)).status_code == 503


async def test_a_command_sent_again_is_the_same_command_by_another_request(
    gateway: Gateway, system: httpx.AsyncClient
) -> None:
    """With the id of the first request, lookup would answer 409 instead of the answer that got lost."""
    gateway.bus.answer = NoticeDone(notice="N-1", version=2, state="taken", municipality="837")
    answers = [await system.post(ACT_AT, json=ACT, headers=encoded(HEADERS)) for _ in range(2)]
    first, again = gateway.bus.asked
    assert [(one.status_code, one.json()["state"]) for one in answers] == [(200, "taken")] * 2
    assert first.id != again.id
    assert (first.id, again.id) == (first.actor.request, again.actor.request)
    assert commanded(first) == commanded(again) == command_key_of("A-TAMPERE", "effica", KEY)


async def test_two_systems_that_make_the_same_key_are_not_in_each_others_way(
    gateway: Gateway, system: httpx.AsyncClient, refusal: Refused
) -> None:
    known = gateway.agreements.directory.agreement("A-TAMPERE")
    assert isinstance(known, AgreementChanged)
    other = known.interface_clients[0].model_copy(
        update={"id": "lifecare", "token_sha256": hashlib.sha256(b"lifecare").hexdigest(), "certificate_sha256": None}
    )
    clients = (*known.interface_clients, other)
    gateway.agreements.directory.apply(
        known.model_copy(update={"version": 2, "interface_clients": clients, "interface_per_minute": 10})
    )
    gateway.bus.answer = refusal
    for token in (TOKEN, "lifecare"):
        headers = {**HEADERS, "authorization": f"Bearer {token}"}
        await call(system, headers)
        await system.post(ACT_AT, json=ACT, headers=encoded(headers))
    asked, commanding, other_asked, other_commanding = gateway.bus.asked
    assert [one.actor.system for one in gateway.bus.asked] == ["effica", "effica", "lifecare", "lifecare"]
    assert asked.id != other_asked.id
    assert commanded(commanding) != commanded(other_commanding)


@given(st.text("0123456789abcdefABCDEF-_", min_size=8, max_size=64))
def test_the_key_of_a_command_fits_its_contract_and_never_looks_like_an_identity_code(key: str) -> None:
    made = command_key_of("A-TAMPERE", "effica", key)
    assert TypeAdapter(IdempotencyKey).validate_python(made) == made
    assert made.isalpha()


async def test_the_description_of_the_api_names_the_headers(gateway: Gateway) -> None:
    operation = gateway.app.openapi()["paths"][LOOKUPS]["post"]
    headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
    assert headers == {"authorization", "x-kelmu-user", "idempotency-key"}
    assert {"401", "409", "429"} <= set(operation["responses"])
