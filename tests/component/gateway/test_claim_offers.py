"""What the claim form offers: only grounds of the matrix, the facts that a ground needs, the payday before sending."""

from datetime import date

import httpx
import pytest

from services.gateway.domain.claiming import Offer, facts_shown, is_ready, offer_of
from shared.contracts.answers import ClaimValidated, Refused
from shared.contracts.asking import ValidateClaim
from shared.contracts.claims import Ground
from shared.finnish.benefits import benefits
from shared.finnish.claim_matrix import Cell, claim_policy
from tests.component.gateway.test_gateway_claim_form import CLAIM, token_of
from tests.component.gateway.world import FormToken, Gateway

DAY = date(2016, 12, 31)
VALID = ClaimValidated(
    effective_payday=date(2017, 1, 26), earliest=None, missed_paydays=(date(2016, 12, 23),), warnings=()
)


def test_every_benefit_is_offered_on_exactly_the_grounds_of_the_matrix() -> None:
    for benefit in benefits():
        offer = offer_of(claim_policy(), benefit, DAY)
        allowed = {ground for ground in Ground if claim_policy().cell(benefit, ground, DAY) is Cell.ALLOWED}
        assert set(offer.grounds) == allowed
        assert sorted((*offer.grounds, *offer.forbidden, *offer.written)) == sorted(Ground)


def test_what_kelmu_does_not_take_tells_its_form() -> None:
    assert offer_of(claim_policy(), "elakkeensaajan_asumistuki", DAY) == Offer(
        written=tuple(Ground), forms=("EV 241N",)
    )
    assert offer_of(claim_policy(), "no_such_benefit", DAY) == Offer(written=tuple(Ground))


def test_only_the_facts_of_the_chosen_ground_are_asked_but_nothing_typed_is_hidden() -> None:
    both = offer_of(claim_policy(), "kansanelake", DAY)
    assert facts_shown(both, {}, ()) == set(Ground)
    assert facts_shown(both, {"ground": "aml_14"}, ()) == {Ground.AML_14}
    assert facts_shown(both, {"ground": "aml_14", "advance_month_1": "2016-12"}, ()) == set(Ground)
    assert facts_shown(both, {"ground": "totul_23"}, ("care",)) == set(Ground)
    assert facts_shown(Offer(), {}, ()) == set()


def test_an_unfinished_form_is_not_worth_asking_about() -> None:
    whole = {**CLAIM, "handler_phone": "1"}
    assert is_ready(whole)
    assert not is_ready({**whole, "account": ""})
    assert not is_ready({name: value for name, value in whole.items() if name != "whole"})


async def choose(sari: httpx.AsyncClient, form_token: FormToken, **fields: str) -> str:
    page = await sari.post("/claims", data={"choose": "yes", **fields} | await token_of(sari, form_token))
    assert page.status_code == 200
    return page.text


async def test_without_script_the_benefit_brings_its_grounds_and_keeps_what_was_typed(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    page = await choose(sari, form_token, benefit="yleinen_asumistuki", reference="1232")
    assert '<option value="totul_23">' in page
    assert '<option value="aml_14">' not in page
    assert 'value="1232"' in page
    assert 'id="advances"' in page
    assert 'id="care"' not in page
    assert gateway.bus.asked == []


async def test_before_a_benefit_is_chosen_the_form_can_be_filled_in_all_the_same(sari: httpx.AsyncClient) -> None:
    page = (await sari.get("/claims/new")).text
    for part in ('<option value="totul_23">', '<option value="aml_14">', 'id="advances"', 'id="care"'):
        assert part in page


async def test_a_benefit_that_kelmu_does_not_take_names_the_form_instead(
    sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    page = await choose(sari, form_token, benefit="vammaistuki_alle_16")
    assert "EV 241N" in page
    assert "Tätä etuutta ei voi vaatia Kelmussa." in page
    assert 'name="ground"' not in page
    assert "vapaamuotoinen" in await choose(sari, form_token, benefit="perhe_elake")


async def test_the_payday_is_shown_before_a_claim_can_be_sent(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    send = ">Lähetä vaatimus</button>"
    assert send not in (await sari.get("/claims/new")).text
    gateway.bus.answer = VALID
    page = await sari.post("/claims", data=CLAIM | {"check": "yes"} | await token_of(sari, form_token))
    assert send in page.text
    assert page.text.index("26.1.2017") < page.text.index(send)
    assert "23.12.2016" in page.text


async def test_while_typing_a_whole_form_is_asked_about_and_the_verdict_stands_by_the_button(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, refusal: Refused
) -> None:
    for answer, status, words in ((VALID, 200, "26.1.2017"), (refusal, 403, "Sopimus ei kata tätä.")):
        gateway.bus.answer = answer
        page = await sari.post("/claims", data=CLAIM | {"live": "yes"} | await token_of(sari, form_token))
        assert page.status_code == status
        assert page.text.index('id="verdict"') < page.text.index(words)
    assert [type(one.body) for one in gateway.bus.asked] == [ValidateClaim, ValidateClaim]


@pytest.mark.parametrize("changes", [{"first": "eilen"}, {"reference": ""}, {"benefit": ""}])
async def test_while_typing_an_unfinished_form_asks_nobody_and_changes_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, changes: dict[str, str]
) -> None:
    page = await sari.post("/claims", data=CLAIM | {"live": "yes"} | changes | await token_of(sari, form_token))
    assert (page.status_code, page.text, gateway.bus.asked) == (204, "", [])
