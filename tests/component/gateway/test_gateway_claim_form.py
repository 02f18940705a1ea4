"""The claim form: months of advances, the care, and the check before sending."""

from datetime import date

import httpx
import pytest

from services.gateway.forms import ADVANCE_ROWS, MOST_ADVANCE_ROWS, advance_rows, claim_of
from shared.contracts.answers import ClaimReceipt, ClaimValidated, Refused
from shared.contracts.asking import MonthAdvance, ValidateClaim
from tests.component.gateway.world import FormToken, Gateway, claim_in

CLAIM = {
    "identity_code": "010180Y9026",
    "benefit": "kansanelake",
    "ground": "totul_23",
    "first": "2016-12-01",
    "last": "2017-01-31",
    "whole": "yes",
    "account": "main",
    "reference": "1232",
    "handler_name": "Sari",
    "handler_phone": "03 123",
    "assistance": "supplementary",
    "decided": "2016-11-30",
    "advance_month_1": "2016-12",
    "advance_amount_1": "400",
    "advance_month_2": "1/2017",
    "advance_amount_2": "350,50",
    "idempotency_key": "k" * 32,
}
CARE = {"care_of_first": "2016-11-01", "care_of_fee": "637,50", "care_of_income": "750", "care_of_others": "130"}


async def token_of(sari: httpx.AsyncClient, form_token: FormToken) -> dict[str, str]:
    return {"form_token": form_token((await sari.get("/claims/new")).text)}


async def test_months_of_advances_are_sent_as_people_write_them(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    gateway.bus.answer = receipt
    assert (await sari.post("/claims", data=CLAIM | await token_of(sari, form_token))).status_code == 201
    sent = claim_in(gateway.bus.asked[0])
    assert sent.advances == (
        MonthAdvance(month="2016-12", amount="400"),
        MonthAdvance(month="2017-01", amount="350,50"),
    )
    assert (sent.decided, sent.care) == (date(2016, 11, 30), None)


async def test_the_care_is_sent(
    gateway: Gateway, sari: httpx.AsyncClient, receipt: ClaimReceipt, form_token: FormToken
) -> None:
    gateway.bus.answer = receipt
    await sari.post("/claims", data=CLAIM | CARE | await token_of(sari, form_token))
    care = claim_in(gateway.bus.asked[0]).care
    assert care is not None
    assert (care.first, care.last, care.fee, care.income, care.others) == (
        date(2016, 11, 1), None, "637,50", "750", "130",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"), [({"advance_month_1": "joulukuu"}, "advances"), ({"care_of_first": "2016-11-01"}, "care")]
)
async def test_a_faulty_month_or_half_a_care_is_pointed_at_and_asks_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, changes: dict[str, str], field: str
) -> None:
    page = await sari.post("/claims", data=CLAIM | changes | await token_of(sari, form_token))
    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}-fault"' in page.text
    assert gateway.bus.asked == []


async def test_checking_tells_the_payday_and_keeps_what_was_typed_and_the_key(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    gateway.bus.answer = ClaimValidated(
        effective_payday=date(2017, 1, 26), earliest=None, missed_paydays=(date(2016, 12, 23),), warnings=("Huom.",)
    )
    page = await sari.post("/claims", data=CLAIM | {"check": "yes"} | await token_of(sari, form_token))
    assert page.status_code == 200
    assert isinstance(gateway.bus.asked[0].body, ValidateClaim)
    for text in ("26.1.2017", "23.12.2016", "Huom.", "350,50", "k" * 32):
        assert text in page.text


async def test_a_refused_check_is_403_and_says_why(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    gateway.bus.answer = refusal
    page = await sari.post("/claims", data=CLAIM | {"check": "yes"} | await token_of(sari, form_token))
    assert (page.status_code, "Sopimus ei kata tätä." in page.text) == (403, True)


async def test_more_months_are_offered_without_asking_anybody(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    page = await sari.post("/claims", data=CLAIM | {"more": "yes"} | await token_of(sari, form_token))
    assert page.status_code == 200
    assert f'name="advance_month_{2 * ADVANCE_ROWS}"' in page.text
    assert "350,50" in page.text
    assert gateway.bus.asked == []


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        ({}, ADVANCE_ROWS),
        ({"more": "yes"}, 2 * ADVANCE_ROWS),
        ({"advance_month_9": "2016-12"}, 9),
        ({"advance_amount_9": "1", "more": "yes"}, 9 + ADVANCE_ROWS),
        ({"advance_month_999999": "2016-12"}, MOST_ADVANCE_ROWS),
        ({"advance_month_x": "2016-12"}, ADVANCE_ROWS),
    ],
)
def test_the_form_has_rows_for_what_it_holds(fields: dict[str, str], rows: int) -> None:
    assert advance_rows(fields) == rows


def test_a_month_without_an_amount_reaches_the_rules() -> None:
    assert claim_of({"advance_month_3": "2016-12"})["advances"] == [{"month": "2016-12", "amount": ""}]
