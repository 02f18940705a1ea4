"""The labour market handler's way through the lists once they are in use: of 200 days, and of an invoice's persons."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx
import pytest

from services.gateway.words import words
from shared.contracts.answers import ListPage, ListRow
from shared.contracts.asking import ListQuery
from shared.contracts.base import Purpose, Role
from tests.component.gateway.world import CLIENT, EVENT, TAMPERE, VILLE, FormToken, Gateway, mandate

NAME = "Meikäläinen Maija"


@pytest.fixture
async def handler(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Ville, who handles labour market support for Tampere."""
    given = mandate(VILLE, TAMPERE, "837", Role.LABOUR_MARKET_HANDLER)
    gateway.agreements.directory.apply(given.model_copy(update={"version": 2}))
    async with gateway.browser_of(VILLE, "Nieminen Ville") as browser:
        yield browser


async def test_the_200_day_list_is_read_page_by_page_after_it_came_into_use(
    gateway: Gateway, handler: httpx.AsyncClient, form_token: FormToken
) -> None:
    gateway.clocks.business = datetime(2017, 7, 3, 6, 0, tzinfo=UTC)
    start = await handler.get("/")
    assert 'href="/lists"' in start.text
    form = await handler.get("/lists")
    chosen = {"form_token": form_token(form.text), "list": "tmt_200", "purpose": "TMT_LIST"}
    row = ListRow(identity_code=CLIENT, name=NAME, days=204, protected=True)
    page = ListPage(list="tmt_200", as_of=date(2017, 7, 3), rows=(row,), total=2, next="next-1", access_event=EVENT)
    gateway.bus.answer = page
    first = await handler.post("/lists", data=chosen)
    assert all(one in first.text for one in (NAME, CLIENT, "204", "3.7.2017", str(EVENT), 'value="next-1"'))
    assert words("fi")("lists.protected_yes") in first.text
    gateway.bus.answer = page.model_copy(update={"rows": (), "next": None})
    last = await handler.post("/lists", data={**chosen, "after": "next-1"})
    assert words("fi")("lists.empty") in last.text
    assert gateway.bus.asked[-1].body == ListQuery(list="tmt_200", purpose=Purpose.TMT_LIST, after="next-1")
    assert gateway.bus.asked[-1].accepted == gateway.clocks.business


async def test_the_persons_of_an_invoice_are_listed_with_what_was_paid_and_returned(
    gateway: Gateway, handler: httpx.AsyncClient, form_token: FormToken
) -> None:
    gateway.clocks.business = datetime(2019, 7, 1, 6, 0, tzinfo=UTC)
    form = await handler.get("/lists")
    chosen = {"form_token": form_token(form.text), "list": "tmt_invoice", "purpose": "INVOICE_LIST", "month": "2019-06"}
    row = ListRow(identity_code=CLIENT, name=NAME, days=None, paid="350.50", returned="20.00", corrected="0.00")
    gateway.bus.answer = ListPage(
        list="tmt_invoice", as_of=date(2019, 7, 1), rows=(row,), total=1, next=None, access_event=EVENT
    )
    page = await handler.post("/lists", data=chosen)
    assert all(one in page.text for one in (NAME, "350,50\xa0€", "20,00\xa0€"))
    (question,) = gateway.bus.asked
    assert question.body == ListQuery(list="tmt_invoice", purpose=Purpose.INVOICE_LIST, month="2019-06")
    assert CLIENT not in str(page.request.url)
