"""The clerk's pages of usage, price books and the change of prices: what is asked, and that assumed prices say so."""

import httpx
import pytest

from services.billing.desks.documents import SUMS
from shared.contracts.answers import BillingBooks, BillingPriceChange, BillingUsage
from shared.contracts.answers.billing import BookView, PriceChangeRow, PriceRow, UsageRow
from shared.contracts.asking import BillingPriceChangeQuery, BillingUsageQuery
from tests.component.gateway.billings import DAY, NOTICE, WHAT
from tests.component.gateway.world import FormToken, Gateway

ROW = PriceChangeRow(
    municipality="837",
    name="Tampere",
    merged=(),
    payer="Tampereen kaupunki",
    before="100.00",
    after={"KELMU-2017": "250.50", "KELMU-2017-USAGE": None},
)
CHANGE = BillingPriceChange(year=2017, own_use=False, rows=(ROW,), price_notice=NOTICE)


async def _token(browser: httpx.AsyncClient, form_token: FormToken) -> dict[str, str]:
    return {"form_token": form_token((await browser.get("/billing")).text)}


async def test_the_use_of_a_month_is_summed_by_product_with_its_active_users(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    row = UsageRow(day=DAY, agreement="A-TAMPERE", member="837", product="QUERY_PERSON", quantity=12345)
    users = {"A-TAMPERE": 77}
    gateway.bus.answer = BillingUsage(month="2016-12", rows=(row,), active_users=users, next="2016-12-01~a~b~c")
    page = await sari.post("/billing/usage", data={**token, "month": "2016-12"})
    assert gateway.bus.asked[-1].body == BillingUsageQuery(month="2016-12", sums=True)
    assert all(one in page.text for one in ("Henkilön haku", "12\xa0345", "Aktiiviset käyttäjät", ">77<", "12/2016"))
    assert 'value="2016-12-01~a~b~c"' in page.text


async def test_a_full_page_of_usage_is_light(gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken) -> None:
    token = await _token(sari, form_token)
    row = UsageRow(day=DAY, agreement="A-TAMPERE-JA-MUUT", member="837", product="QUERY_BASIC_ASSISTANCE", quantity=7)
    users = {f"A-TAMPERE-JA-MUUT-{number}": 77 for number in range(SUMS)}
    gateway.bus.answer = BillingUsage(month="2016-12", rows=(row,) * SUMS, active_users=users, next="x")
    page = await sari.post("/billing/usage", data={**token, "month": "2016-12"})
    assert len(page.content) < 76_000


async def test_a_month_without_use_and_one_that_is_none_are_told_in_words(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    gateway.bus.answer = BillingUsage(month="2016-12", rows=(), next=None)
    page = await sari.post("/billing/usage", data={**token, "month": "2016-12"})
    assert "Kuukaudelta ei ole käyttöä." in page.text
    asked = len(gateway.bus.asked)
    assert (await sari.post("/billing/usage", data={**token, "month": "joulukuu"})).status_code == 422
    assert len(gateway.bus.asked) == asked


@pytest.mark.parametrize(("language", "assumed"), [("fi", "Oletettu hinta"), ("sv", "Antaget pris"), ("en", "Assumed")])
async def test_the_price_books_say_which_is_in_use_and_that_prices_are_assumed(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, language: str, assumed: str
) -> None:
    sari.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = await _token(sari, form_token)
    price = PriceRow(
        code="QUERY_PERSON", tier="", price="0.0740", unit="query", text=WHAT, law="L", source="A", assumed=True
    )
    book = {"first": DAY, "last": None, "charges": "usage", "legal_basis": "L 150/1992", "rows": (price,)}
    gateway.bus.answer = BillingBooks(
        books=tuple(
            BookView.model_validate({**book, "name": f"B{in_force}", "in_force": in_force}) for in_force in (0, 1)
        ),
        price_notice=NOTICE,
    )
    page = await sari.post("/billing/prices", data=token)
    assert page.text.count(assumed) == 3
    assert all(one in page.text for one in ("0.0740 €", "hds-status-label--success", NOTICE.in_language(language)))  # type: ignore[arg-type] # a language of the pages


async def test_two_years_stand_side_by_side_as_a_table_and_as_a_picture(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    gateway.bus.answer = CHANGE
    page = await sari.post("/billing/change", data={**token, "year": "2017"})
    assert gateway.bus.asked[-1].body == BillingPriceChangeQuery(year=2017)
    assert page.text.count("<svg") == 1
    assert page.text.count("<rect") == 3
    assert all(one in page.text for one in ("250,50\xa0€", "150,50\xa0€", "ei laskettavissa", "Oletettu hinta"))
    assert "style=" not in page.text


async def test_the_comparison_is_downloaded_whole(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = await _token(sari, form_token)
    gateway.bus.answer = CHANGE.model_copy(update={"rows": (ROW,) * 300})
    page = await sari.post("/billing/change", data={**token, "year": "2017"})
    assert len(page.content) < 76_000
    file = await sari.post("/billing/change/file", data={**token, "year": "2017"})
    assert file.headers["content-disposition"] == 'attachment; filename="price-change-2017.csv"'
    assert len(file.text.splitlines()) == 301
    assert "837,Tampere,,Tampereen kaupunki,100.00,250.50,150.50,,," in file.text
