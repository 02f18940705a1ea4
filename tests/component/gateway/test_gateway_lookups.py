"""Look-ups through the API: what each outcome and each bad input answers, and what was sent to whom."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.bus.client import NoAnswer, Unavailable
from shared.bus.topics import LOOKUP_REQUESTS
from shared.contracts.answers import Answer, ClaimReceipt, Failed, NothingFound, PersonView, Refused
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, Purpose, Role
from shared.finnish.identity_code import contains_identity_code
from tests.component.gateway.world import Gateway

LOOKUPS = "/api/v1/lookups"
CLIENT, SARI = "010180Y9026", "010180-9015"
ASKED: dict[str, Any] = {"identity_code": CLIENT, "purpose": "VERIFY", "informed": True}


async def test_a_granted_look_up_shows_the_person_and_is_never_stored(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    response = await sari.post(LOOKUPS, json=ASKED)
    assert response.status_code == 200
    assert PersonView.model_validate(response.json()) == person
    assert response.headers["cache-control"] == "no-store"


async def test_the_request_names_the_worker_and_on_whose_behalf_for_a_short_time(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    await sari.post(LOOKUPS, json=ASKED)
    (question,) = gateway.bus.asked
    actor = question.actor
    assert question.topic is LOOKUP_REQUESTS
    assert question.body == PersonQuery(identity_code=CLIENT, purpose=Purpose.VERIFY, informed=True)
    assert (actor.identity_code, actor.organisation, actor.member) == (SARI, "0211675-2", "837")
    assert set(actor.roles) == {Role.VIEWER, Role.FEE_CLERK}
    assert actor.channel is Channel.UI
    assert actor.request == question.id
    assert timedelta(0) < actor.expires - gateway.clocks.system <= timedelta(minutes=2)
    assert question.accepted == gateway.clocks.business
    assert not question.command


async def test_no_identity_code_stands_in_the_key_of_a_request(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    await sari.post(LOOKUPS, json=ASKED)
    assert gateway.bus.asked[0].key == str(gateway.bus.asked[0].id)
    assert not contains_identity_code(gateway.bus.asked[0].key)


async def test_each_click_is_a_request_of_its_own(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    await sari.post(LOOKUPS, json=ASKED)
    await sari.post(LOOKUPS, json=ASKED)
    assert len({question.id for question in gateway.bus.asked}) == 2


async def test_one_request_reads_the_session_table_once(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    gateway.store.finds = 0
    await sari.post(LOOKUPS, json=ASKED)
    assert (gateway.store.finds, gateway.store.touches) == (1, 0)


async def test_nothing_found_says_so_with_its_log_event(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = NothingFound(looked_up=person.looked_up, access_event=person.access_event)
    response = await sari.post(LOOKUPS, json=ASKED)
    assert (response.status_code, response.json()["kind"]) == (200, "nothing_found")
    assert response.json()["access_event"] == str(person.access_event)


@pytest.mark.parametrize(
    ("language", "reason"), [("fi", "Sopimus ei kata tätä."), ("en", "The agreement does not cover it.")]
)
async def test_a_refusal_is_403_with_rule_law_and_advice(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, language: str, reason: str
) -> None:
    gateway.bus.answer = refusal
    response = await sari.post(LOOKUPS, json=ASKED, headers={"accept-language": language})
    body = response.json()
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert (body["title"], body["rule"], body["law"]) == (reason, "purpose_covered", "L 812/2000 21 §")
    assert body["event"] == str(refusal.event)


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        (Unavailable("kafka is down"), 503, "unavailable"),
        (NoAnswer("too late"), 504, "no_answer"),
        (Failed(code="lookup.database", reason="The register is not reached.", retry=True), 503, "lookup.database"),
        (Failed(code="lookup.fault", reason="A fault.", retry=False), 500, "lookup.fault"),
    ],
)
async def test_when_no_answer_can_be_had_nothing_is_shown(
    gateway: Gateway, sari: httpx.AsyncClient, outcome: Answer | Exception, status: int, code: str
) -> None:
    gateway.bus.answer = outcome
    response = await sari.post(LOOKUPS, json=ASKED)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_answer_about_somebody_else_is_shown_to_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person.model_copy(update={"identity_code": "150616B903S"})
    response = await sari.post(LOOKUPS, json=ASKED)
    assert response.status_code == 500
    assert "150616B903S" not in response.text
    assert "Meikäläinen" not in response.text


async def test_an_answer_to_another_question_is_shown_to_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = receipt
    response = await sari.post(LOOKUPS, json=ASKED)
    assert (response.status_code, response.json()["code"]) == (500, "unexpected")


async def test_a_fault_answers_plainly_and_repeats_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.bus.answer = RuntimeError(f"boom about {CLIENT} Meikäläinen")
    response = await sari.post(LOOKUPS, json=ASKED)
    assert (response.status_code, response.json()["code"]) == (500, "unexpected")
    assert "Meikäläinen" not in response.text + caplog.text


@pytest.mark.parametrize(
    "missing_or_wrong", [{"purpose": None}, {"identity_code": "hello"}, {"informed": False}, {"member": "999"}]
)
async def test_what_the_gate_judges_goes_to_the_gate_so_that_it_is_logged(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, missing_or_wrong: dict[str, Any]
) -> None:
    gateway.bus.answer = refusal
    body = {name: value for name, value in {**ASKED, **missing_or_wrong}.items() if value is not None}
    response = await sari.post(LOOKUPS, json=body)
    assert (response.status_code, len(gateway.bus.asked)) == (403, 1)


async def test_a_municipality_without_a_mandate_is_asked_for_without_roles(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    await sari.post(LOOKUPS, json={**ASKED, "member": "297"})
    actor = gateway.bus.asked[0].actor
    assert (actor.organisation, actor.member, actor.roles) == ("0211675-2", "297", ())


@pytest.mark.parametrize(
    "broken",
    [
        {"purpose": "CURIOSITY"},
        {"extra": "field"},
        {"identity_code": 5},
        {"identity_code": "x" * 33},
        {"informed": "perhaps"},
        {"member": "Tampere"},
        {"identity_code": None},
    ],
)
async def test_a_body_that_breaks_the_schema_is_422_and_asks_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, broken: dict[str, Any]
) -> None:
    response = await sari.post(LOOKUPS, json={**ASKED, **broken})
    assert response.status_code == 422
    assert {next(iter(broken))} == {error["field"] for error in response.json()["errors"]}
    assert gateway.bus.asked == []


async def test_a_broken_body_is_never_repeated_in_the_answer(sari: httpx.AsyncClient) -> None:
    response = await sari.post(LOOKUPS, json={**ASKED, SARI: "x", "purpose": CLIENT})
    assert response.status_code == 422
    assert not contains_identity_code(response.content)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"[]]", b""])
async def test_a_body_that_is_no_json_is_refused(gateway: Gateway, sari: httpx.AsyncClient, content: bytes) -> None:
    response = await sari.post(LOOKUPS, content=content, headers={"content-type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"
    assert gateway.bus.asked == []


async def test_an_oversized_body_is_413(sari: httpx.AsyncClient) -> None:
    response = await sari.post(LOOKUPS, json={**ASKED, "identity_code": "x" * 70_000})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


async def test_an_oversized_body_without_a_length_is_413_too(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    async def stream() -> AsyncIterator[bytes]:
        for _ in range(80):
            yield b" " * 1024

    response = await sari.post(LOOKUPS, content=stream(), headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert gateway.bus.asked == []


async def test_another_content_type_is_415(sari: httpx.AsyncClient) -> None:
    response = await sari.post(LOOKUPS, data={"identity_code": CLIENT})
    assert (response.status_code, response.json()["code"]) == (415, "media_type")


@pytest.mark.parametrize(
    "headers", [{"origin": "http://evil.test"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
async def test_a_request_made_by_another_site_is_403(
    gateway: Gateway, sari: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    response = await sari.post(LOOKUPS, json=ASKED, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "foreign_origin")
    assert gateway.bus.asked == []


async def test_the_services_own_origin_is_let_through(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    response = await sari.post(LOOKUPS, json=ASKED, headers={"origin": "http://gateway.test"})
    assert response.status_code == 200


async def test_without_a_session_it_is_401_whatever_the_body(gateway: Gateway) -> None:
    async with gateway.fresh() as stranger:
        for body in (ASKED, {"nonsense": 1}):
            response = await stranger.post(f"http://gateway.test{LOOKUPS}", json=body)
            assert (response.status_code, response.json()["code"]) == (401, "no_session")
    assert gateway.bus.asked == []


async def test_somebody_with_several_choices_must_choose_first(gateway: Gateway, person: PersonView) -> None:
    gateway.bus.answer = person
    async with gateway.signed_in("Lindqvist Kaj") as kaj:
        response = await kaj.post(LOOKUPS, json=ASKED)
        assert (response.status_code, response.json()["code"]) == (409, "choose_first")
        chosen = await kaj.put("/api/v1/session/behalf", json={"organisation": "0171450-7", "member": "174"})
        assert chosen.status_code == 204
        assert (await kaj.post(LOOKUPS, json=ASKED)).status_code == 200
        assert gateway.bus.asked[0].actor.member == "174"


async def test_a_request_may_name_the_municipality_itself(gateway: Gateway, person: PersonView) -> None:
    gateway.bus.answer = person
    async with gateway.signed_in("Lindqvist Kaj") as kaj:
        assert (await kaj.post(LOOKUPS, json={**ASKED, "member": "297"})).status_code == 200
    actor = gateway.bus.asked[0].actor
    assert (actor.organisation, actor.member, actor.roles) == ("0171450-7", "297", (Role.VIEWER,))


async def test_a_sub_id_asks_as_nobody_and_is_refused_by_the_gate(gateway: Gateway, refusal: Refused) -> None:
    gateway.bus.answer = refusal
    async with gateway.signed_in("alitunniste 7") as browser:
        response = await browser.post(LOOKUPS, json=ASKED)
    actor = gateway.bus.asked[0].actor
    assert response.status_code == 403
    assert (actor.identity_code, actor.organisation, actor.member, actor.roles) == (None, "0211675-2", None, ())


async def test_while_agreements_are_unknown_nobody_is_asked(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.agreements.ready = False
    response = await sari.post(LOOKUPS, json=ASKED)
    assert (response.status_code, response.json()["code"]) == (503, "not_ready")
    assert gateway.bus.asked == []
