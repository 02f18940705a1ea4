"""Registering claims through the API, and asking how it went."""

from datetime import date
from typing import Any

import httpx
import pytest

from shared.bus.client import NoAnswer, Unavailable
from shared.bus.topics import CLAIMS_REQUESTS
from shared.contracts.answers import ClaimReceipt, ClaimValidated, Failed, PersonView, Refused
from shared.contracts.asking import CareStated, ClaimStatusQuery, MonthAdvance, RegisterClaim, ValidateClaim
from shared.ids import pseudonym
from tests.component.gateway.world import Gateway, claim_in

CLAIMS = "/api/v1/claims"
CLIENT = "010180Y9026"
CLAIM: dict[str, Any] = {
    "idempotency_key": "k-20161220-0001",
    "identity_code": CLIENT,
    "benefit": "kansanelake",
    "ground": "aml_14",
    "first": "2017-01-01",
    "amount": "all",
    "handler_name": "Sari Virtanen",
    "handler_phone": "03 123",
    "account": "main",
    "reference": "1232",
    "care_unit": "Koivukoti",
}


async def test_a_registered_claim_gives_its_receipt(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = receipt
    response = await sari.post(CLAIMS, json=CLAIM)
    assert response.status_code == 201
    assert ClaimReceipt.model_validate(response.json()) == receipt
    assert response.headers["location"] == f"{CLAIMS}/k-20161220-0001"


async def test_what_a_claim_rests_on_travels_with_it(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = receipt
    care = {"first": "2016-12-01", "fee": "637,50", "income": "750", "unit": "Koivukoti"}
    advances = [{"month": "2017-01", "amount": "250,00"}]
    await sari.post(CLAIMS, json={**CLAIM, "decided": "2016-12-01", "advances": advances, "care": care})
    sent = claim_in(gateway.bus.asked[0])
    assert sent.decided == date(2016, 12, 1)
    assert sent.advances == (MonthAdvance(month="2017-01", amount="250,00"),)
    assert sent.care == CareStated(first=date(2016, 12, 1), fee="637,50", income="750", others="0", unit="Koivukoti")


async def test_a_dry_run_is_a_question_and_tells_what_registering_would_give(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    gateway.bus.answer = ClaimValidated(effective_payday=date(2017, 1, 26), earliest=None, missed_paydays=())
    response = await sari.post(f"{CLAIMS}/validate", json=CLAIM)
    assert (response.status_code, response.json()["effective_payday"]) == (200, "2017-01-26")
    (question,) = gateway.bus.asked
    assert isinstance(question.body, ValidateClaim)
    assert (question.command, question.key) == (False, pseudonym(b"p" * 32, "client", CLIENT))


async def test_a_refused_dry_run_is_403_with_the_rule(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    response = await sari.post(f"{CLAIMS}/validate", json=CLAIM)
    assert (response.status_code, response.json()["rule"]) == (403, "purpose_covered")


async def test_a_receipt_is_no_answer_to_a_dry_run(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = receipt
    assert (await sari.post(f"{CLAIMS}/validate", json=CLAIM)).status_code == 500


async def test_a_claim_is_a_command_ordered_by_the_clients_pseudonym(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = receipt
    await sari.post(CLAIMS, json=CLAIM)
    (question,) = gateway.bus.asked
    assert question.command
    assert question.topic is CLAIMS_REQUESTS
    assert question.key == pseudonym(b"p" * 32, "client", CLIENT)
    assert question.accepted == gateway.clocks.business
    assert isinstance(question.body, RegisterClaim)


async def test_an_invalid_code_still_reaches_the_rules_under_a_key_that_tells_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    response = await sari.post(CLAIMS, json={**CLAIM, "identity_code": "010180-9016"})
    assert response.status_code == 403
    assert "010180" not in gateway.bus.asked[0].key


async def test_a_refused_claim_is_403_with_the_rule(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    gateway.bus.answer = refusal
    response = await sari.post(CLAIMS, json=CLAIM)
    assert (response.status_code, response.json()["rule"]) == (403, "purpose_covered")


async def test_a_claim_whose_receipt_is_late_is_202_and_says_where_to_ask(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt
) -> None:
    gateway.bus.answer = NoAnswer("late")
    response = await sari.post(CLAIMS, json=CLAIM)
    assert (response.status_code, response.json()["status_url"]) == (202, f"{CLAIMS}/k-20161220-0001")
    gateway.bus.answer = receipt
    asked = await sari.get(response.headers["location"])
    assert (asked.status_code, asked.json()["number"]) == (200, receipt.number)
    assert gateway.bus.asked[1].body == ClaimStatusQuery(idempotency_key="k-20161220-0001")


async def test_a_claim_that_kafka_did_not_confirm_is_503_and_may_be_sent_again(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    gateway.bus.answer = Unavailable("no acknowledgement")
    response = await sari.post(CLAIMS, json=CLAIM)
    assert (response.status_code, response.json()["code"]) == (503, "unconfirmed")
    assert "same idempotency key" in response.json()["detail"]


async def test_the_status_of_an_unanswered_question_is_504(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.bus.answer = NoAnswer("late")
    response = await sari.get(f"{CLAIMS}/k-20161220-0001")
    assert response.status_code == 504


async def test_a_failure_of_the_claims_service_is_told(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.bus.answer = Failed(code="claims.fault", reason="A fault.", retry=False)
    assert (await sari.post(CLAIMS, json=CLAIM)).status_code == 500


async def test_an_answer_of_another_kind_is_shown_to_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView
) -> None:
    gateway.bus.answer = person
    response = await sari.post(CLAIMS, json=CLAIM)
    assert response.status_code == 500
    assert "Meikäläinen" not in response.text


@pytest.mark.parametrize(
    "broken",
    [
        {"idempotency_key": "short"},
        {"idempotency_key": "010180-9015"},
        {"idempotency_key": "with/slash-and-more"},
        {"first": "yesterday"},
        {"assistance": "generous"},
        {"iban": "FI2112345600000785"},
        {"amount": 100.5},
        {"amount": "1" * 30},
        {"advances": [{"month": "2016-13", "amount": "1"}]},
        {"advances": [{"month": "2016-12", "amount": 1.5}]},
        {"care": {"first": "2016-12-01"}},
    ],
)
async def test_a_body_that_breaks_the_schema_is_422_and_asks_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, broken: dict[str, Any]
) -> None:
    response = await sari.post(CLAIMS, json={**CLAIM, **broken})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"].split(".")[0] == next(iter(broken))
    assert gateway.bus.asked == []


async def test_an_identity_code_is_no_key_in_an_address(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    response = await sari.get(f"{CLAIMS}/010180-9015")
    assert response.status_code == 422
    assert "010180" not in response.text
    assert gateway.bus.asked == []


async def test_without_a_session_nothing_is_registered(gateway: Gateway) -> None:
    async with gateway.fresh() as stranger:
        response = await stranger.post(f"http://gateway.test{CLAIMS}", json=CLAIM)
        asked = await stranger.get(f"http://gateway.test{CLAIMS}/k-20161220-0001")
    assert (response.status_code, asked.status_code) == (401, 401)
    assert gateway.bus.asked == []
