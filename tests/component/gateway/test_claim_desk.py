"""The desks beside the claims: a main user hands a leaver's claims over, Kela's handler registers Kela's own."""

from datetime import UTC, date, datetime

import httpx

from services.gateway.domain.claim_acts import acts_offered
from shared.contracts.answers import ClaimsHandedOver, KelaClaimRegistered, Refused
from shared.contracts.asking import HandOverClaims, MonthAdvance, RegisterKelaClaim
from tests.component.gateway.world import CLIENT, EVENT, FormToken, Gateway

KEY = "0123456789abcdef"
NUMBER = "MV-2016-7K3QX-9TB4M2"
HAND_OVER = {
    "giver": "010180-9015", "taker": "150616B903S", "handler_name": "Timo", "handler_phone": "017", "reason": "Lähtee",
}  # fmt: skip
MOVED = ClaimsHandedOver(numbers=(NUMBER,), left=("MV-2016-11111-111111",), more=True)
KELA_CLAIM = {"identity_code": CLIENT, "benefit": "kansanelake", "decided": "2016-11-01", "first": "2017-01-01"}
STANDS = KelaClaimRegistered(
    claim=EVENT, arrived=datetime(2016, 12, 20, 10, tzinfo=UTC), benefit="kansanelake", first=date(2017, 1, 1),
    last=date(2017, 1, 31), access_event=EVENT,
)  # fmt: skip


async def test_claims_are_handed_over_by_the_page_and_the_api(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = {"form_token": form_token((await sari.get("/claims/hand-over")).text), "idempotency_key": KEY}
    gateway.bus.answer = MOVED
    numbers = f" {NUMBER.lower()}, MV-2016-11111-111111 "
    done = await sari.post("/claims/hand-over", data={**token, **HAND_OVER, "numbers": numbers})
    assert all(text in done.text for text in (NUMBER, "MV-2016-11111-111111", "siirrä uudelleen"))
    assert HAND_OVER["giver"] not in done.text
    told = await sari.post("/api/v1/claims/hand-over", json={**HAND_OVER, "idempotency_key": KEY})
    assert ClaimsHandedOver.model_validate_json(told.text) == MOVED
    everything = HandOverClaims.model_validate({**HAND_OVER, "idempotency_key": KEY})
    named = everything.model_copy(update={"numbers": (NUMBER, "MV-2016-11111-111111")})
    assert [question.body for question in gateway.bus.asked] == [named, everything]
    assert all(question.command for question in gateway.bus.asked)


async def test_a_refused_hand_over_keeps_the_form_and_takes_another_key(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    token = {"form_token": form_token((await sari.get("/claims/hand-over")).text), "idempotency_key": KEY}
    gateway.bus.answer = refusal
    refused = await sari.post("/claims/hand-over", data={**token, **HAND_OVER})
    assert (refused.status_code, "L 812/2000 21 §" in refused.text) == (403, True)
    assert HAND_OVER["taker"] in refused.text
    assert KEY not in refused.text
    broken = await sari.post("/claims/hand-over", data={**token, **HAND_OVER, "handler_phone": "0" * 31})
    assert (broken.status_code, KEY in broken.text, len(gateway.bus.asked)) == (422, True, 1)


async def test_kelas_own_claim_is_registered_by_the_page_and_the_api(
    gateway: Gateway, jorma: httpx.AsyncClient, form_token: FormToken
) -> None:
    start = (await jorma.get("/claims/kela")).text
    assert 'href="/claims/kela"' in start
    form = {"form_token": form_token(start), "idempotency_key": KEY, **KELA_CLAIM, "last": "2017-01-31"}
    more = await jorma.post("/claims/kela", data={**form, "more": "yes"})
    assert 'name="advance_amount_12"' in more.text
    gateway.bus.answer = STANDS
    month = {"advance_month_1": "1/2017", "advance_amount_1": "500"}
    done = await jorma.post("/claims/kela", data={**form, **month})
    assert str(EVENT) in done.text
    assert CLIENT not in done.text
    advances = [{"month": "2017-01", "amount": "500"}]
    body = {**KELA_CLAIM, "last": "2017-01-31", "idempotency_key": KEY, "advances": advances}
    assert (await jorma.post("/api/v1/claims/kela", json=body)).status_code == 200
    command = RegisterKelaClaim.model_validate({**body, "advances": (MonthAdvance(month="2017-01", amount="500"),)})
    assert [question.body for question in gateway.bus.asked] == [command, command]


async def test_a_refused_claim_of_kela_says_why_and_a_broken_day_points_at_its_field(
    gateway: Gateway, jorma: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    form = {"form_token": form_token((await jorma.get("/claims/kela")).text), "idempotency_key": KEY, **KELA_CLAIM}
    gateway.bus.answer = refusal
    refused = await jorma.post("/claims/kela", data=form)
    assert (refused.status_code, "L 812/2000 21 §" in refused.text) == (403, True)
    broken = await jorma.post("/claims/kela", data={**form, "first": "soon"})
    assert (broken.status_code, 'id="first-fault"' in broken.text, len(gateway.bus.asked)) == (422, True, 1)


async def test_a_claims_worker_is_offered_neither_desk(sari: httpx.AsyncClient) -> None:
    start = (await sari.get("/claims/work")).text
    assert 'href="/claims/kela"' not in start
    assert 'href="/claims/hand-over"' not in start


def test_a_widening_is_offered_to_be_heard_and_the_amounts_to_be_confirmed() -> None:
    assert {"hear", "answer", "accept", "reject"} <= set(acts_offered("active", at_kela=True, proposed=True))
    assert "accept" not in acts_offered("active", at_kela=True)
    assert "drop" in acts_offered("active", at_kela=False, proposed=True)
    assert "widen" in acts_offered("active", at_kela=False)
    assert acts_offered("waiting_for_decision", at_kela=False, asked=True)[0] == "confirm"
