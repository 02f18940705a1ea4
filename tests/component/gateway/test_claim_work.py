"""Claims at work through the API and the pages: what is asked, what is shown, what each role is offered."""

from datetime import UTC, date, datetime

import httpx

from deploy.demo.client import GatewayClient
from services.gateway.domain.claim_acts import acts_offered
from shared.bus.client import NoAnswer
from shared.bus.topics import CLAIMS_REQUESTS
from shared.contracts.answers import (
    ClaimDone,
    ClaimListRow,
    ClaimShare,
    ClaimsPage,
    ClaimStep,
    ClaimView,
    Refused,
    SettlementRow,
    SettlementsPage,
)
from shared.contracts.asking import ClaimCommand, ClaimQuery, ClaimsQuery, MonthAdvance, ReturnStated, SettlementsQuery
from shared.contracts.base import Role
from shared.contracts.claims import ClaimState
from shared.gate.mandates import KELA
from tests.component.gateway.world import CLIENT, EVENT, GATEWAY, FormToken, Gateway

NUMBER = "MV-2016-7K3QX-9TB4M2"
KEY = "0123456789abcdef"
ROW = ClaimListRow(
    number=NUMBER, version=4, organisation="0211675-2", member="837", benefit="kansanelake", ground="totul_23",
    state="in_hearing", arrived=datetime(2016, 12, 20, 10, tzinfo=UTC), first=date(2017, 1, 1), last=None,
    effective_payday=date(2017, 1, 5), paid="0.00", held="120.50", deadline=date(2017, 1, 3), notice="Huomaa tämä",
    reminded=date(2017, 1, 4),
    mine=True,
)  # fmt: skip
PAGE = ClaimsPage(rows=(ROW,), next="1~x")
VIEW = ClaimView(
    row=ROW,
    identity_code=CLIENT,
    handler="Hilja Handler, 017",
    steps=(
        ClaimStep(at=ROW.arrived, act="register", state="registered", by="claimant", reason=""),
        ClaimStep(
            at=ROW.arrived, act="hear", state="in_hearing", by="handler", reason="Syy", letter="Kirje\n\nasiakkaalle"
        ),
    ),
    shares=(ClaimShare(payday=date(2017, 1, 5), month="2017-01", amount="120.50", held=True),),
    overlaps=("MV-2016-11111-111111",),
    access_event=EVENT,
)  # fmt: skip
DONE = ClaimDone(number=NUMBER, version=5, state="ending", stops_from=date(2017, 1, 10))
SETTLED = SettlementsPage(
    rows=(
        SettlementRow(
            reference="12344", number=NUMBER, payday=date(2017, 1, 5), first=date(2017, 1, 1), last=date(2017, 1, 31),
            gross="750.00", withheld="150.00", net="600.00", to_municipality="-20.50", to_client="20.50",
            correction=True,
        ),
    ),
    total="-20.50",
    next="2017~x",
)  # fmt: skip


async def test_claims_are_listed_opened_acted_on_and_settled_through_the_api(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    client = GatewayClient(GATEWAY, sari)
    gateway.bus.answer = PAGE
    assert ClaimsPage.model_validate((await client.claims("overdue", after="1~y")).body) == PAGE
    gateway.bus.answer = VIEW
    assert ClaimView.model_validate((await client.claim(NUMBER)).body) == VIEW
    gateway.bus.answer = DONE
    advances = [{"month": "2017-01", "amount": "10"}]
    acted = await client.act_on_claim(NUMBER, 4, "change", idempotency_key=KEY, advances=advances, last="2017-03-31")
    assert ClaimDone.model_validate(acted.body) == DONE
    gateway.bus.answer = SETTLED
    assert SettlementsPage.model_validate((await client.settlements("2017-01")).body) == SETTLED
    command = ClaimCommand(
        idempotency_key=KEY, number=NUMBER, version=4, act="change", last=date(2017, 3, 31),
        advances=(MonthAdvance(month="2017-01", amount="10"),),
    )  # fmt: skip
    asked = [question.body for question in gateway.bus.asked]
    assert asked == [
        ClaimsQuery(view="overdue", after="1~y"),
        ClaimQuery(number=NUMBER),
        command,
        SettlementsQuery(month="2017-01"),
    ]
    assert {question.topic for question in gateway.bus.asked} == {CLAIMS_REQUESTS}
    assert [question.command for question in gateway.bus.asked] == [False, False, True, False]
    assert gateway.bus.asked[1].key == gateway.bus.asked[2].key


async def test_another_claim_than_the_asked_one_is_shown_to_nobody(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.bus.answer = VIEW
    response = await sari.post("/api/v1/claims/open", json={"number": "MV-2016-00000-000000"})
    assert response.status_code == 500
    assert CLIENT not in response.text


async def test_a_refusal_and_a_lost_answer_are_told(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused
) -> None:
    body = {"number": NUMBER, "version": 1, "act": "end", "idempotency_key": KEY}
    gateway.bus.answer = refusal
    assert (await sari.post("/api/v1/claims/act", json=body)).json()["rule"] == "purpose_covered"
    gateway.bus.answer = NoAnswer("late")
    late = await sari.post("/api/v1/claims/act", json=body)
    assert late.status_code == 504
    assert (await sari.post("/api/v1/claims/act", json={**body, "act": "register"})).status_code == 422
    assert (await sari.post("/api/v1/claims/list", json={"view": "everybody"})).status_code == 422


async def test_the_municipalitys_pages_list_open_and_act(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    start = await sari.get("/claims/work")
    token = {"form_token": form_token(start.text)}
    gateway.bus.answer = PAGE
    listed = await sari.post("/claims/work", data={**token, "view": "team"})
    assert all(text in listed.text for text in (NUMBER, "Huomaa tämä", "Muistutettu 4.1.2017", "120,50", "1~x"))
    assert CLIENT not in listed.text
    gateway.bus.answer = VIEW
    shown = await sari.post("/claims/open", data={**token, "number": NUMBER.lower()})
    assert all(text in shown.text for text in (CLIENT, "Kirje", "asiakkaalle", "Syy", str(EVENT), "Hilja Handler"))
    assert 'value="withdraw"' in shown.text
    assert 'value="accept"' not in shown.text
    gateway.bus.answer = DONE
    form = {**token, "idempotency_key": KEY, "number": NUMBER, "version": "4", "act": "change"}
    done = await sari.post("/claims/act", data={**form, "month": "2017-01", "amount": "10"})
    assert "10.1.2017" in done.text
    command = gateway.bus.asked[-1].body
    assert isinstance(command, ClaimCommand)
    assert command.advances == (MonthAdvance(month="2017-01", amount="10"),)
    await sari.post("/claims/act", data={**form, "care_first": "2017-01-01", "fee": "500", "income": "800"})
    command = gateway.bus.asked[-1].body
    assert isinstance(command, ClaimCommand)
    assert command.care is not None
    assert (command.care.fee, command.care.others) == ("500", "0")
    back = {"act": "return", "returned": "12,00", "returned_day": "2017-01-09", "returned_reference": "12344"}
    await sari.post("/claims/act", data={**form, **back})
    command = gateway.bus.asked[-1].body
    assert isinstance(command, ClaimCommand)
    assert command.returned == ReturnStated(amount="12,00", day=date(2017, 1, 9), reference="12344")
    gateway.bus.answer = SETTLED
    settled = await sari.post("/claims/settlements", data={**token, "month": "2017-01"})
    assert all(text in settled.text for text in ("12344", "750,00", "150,00", "600,00", "20,50", "1/2017"))


async def test_kelas_handler_is_offered_the_queue_and_the_decision_and_no_search(
    gateway: Gateway, jorma: httpx.AsyncClient, form_token: FormToken
) -> None:
    start = await jorma.get("/claims/work")
    assert 'href="/claims/work"' in start.text
    assert 'href="/claims/new"' not in start.text
    gateway.bus.answer = VIEW
    shown = await jorma.post("/claims/open", data={"form_token": form_token(start.text), "number": NUMBER})
    assert all(f'value="{act}"' in shown.text for act in ("answer", "accept", "reject", "in_time"))
    assert "MV-2016-11111-111111" in shown.text
    assert 'value="withdraw"' not in shown.text
    (question,) = gateway.bus.asked
    assert (question.actor.organisation, question.actor.roles) == (KELA, (Role.CLAIM_HANDLER,))


async def test_a_refused_page_says_why_and_a_broken_form_asks_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    token = {"form_token": form_token((await sari.get("/claims/work")).text)}
    gateway.bus.answer = refusal
    for path, form in (("/claims/work", {"view": "queue"}), ("/claims/open", {"number": NUMBER})):
        refused = await sari.post(path, data={**token, **form})
        assert (refused.status_code, "L 812/2000 21 §" in refused.text) == (403, True)
    asked = len(gateway.bus.asked)
    for path, form in (("/claims/work", {"view": "x"}), ("/claims/act", {"act": "x"}), ("/claims/settlements", {})):
        assert (await sari.post(path, data={**token, **form})).status_code == 422
    assert len(gateway.bus.asked) == asked


def test_each_party_is_offered_acts_in_every_open_state_and_none_in_a_closed_one() -> None:
    closed = {ClaimState.DRAFT, ClaimState.ENDED, ClaimState.REJECTED, ClaimState.WITHDRAWN, ClaimState.EXPIRED}
    for state in sorted(set(ClaimState) - {ClaimState.ENDING}):
        for at_kela in (True, False):
            offered = set(acts_offered(state.value, at_kela=at_kela)) - {"return"}
            assert bool(offered) == (state not in closed)


def test_a_municipality_may_give_back_what_it_was_paid_also_after_the_end_and_kela_never_for_it() -> None:
    paid = {"accepted", "active", "suspended", "ending", "ended", "withdrawn"}
    assert {state for state in ClaimState if "return" in acts_offered(state.value, at_kela=False)} == paid
    assert not any("return" in acts_offered(state.value, at_kela=True) for state in ClaimState)


def test_kela_is_offered_a_refund_where_it_owes_one_and_the_municipality_never() -> None:
    for state in ("active", "ended", "withdrawn"):
        assert "refund" in acts_offered(state, at_kela=True, owed=True)
        assert "refund" not in acts_offered(state, at_kela=True)
        assert "refund" not in acts_offered(state, at_kela=False, owed=True)
