"""The person's page: its picture, filters, sorting, pages of tables and the extract to print, all without script."""

import re
from datetime import date

import httpx
import pytest

from services.gateway.domain.arranging import PAGE
from shared.contracts.answers import NothingFound, PersonView, Refused
from tests.component.gateway.world import CLIENT, EVENT, FormToken, Gateway, query_in

SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": CLIENT}
AGAIN = {**SEARCH, "redisplay_of": str(EVENT)}


async def sent(
    sari: httpx.AsyncClient, form_token: FormToken, fields: dict[str, str], at: str = "/search"
) -> httpx.Response:
    return await sari.post(at, data={**fields, "form_token": form_token((await sari.get("/help")).text)})


async def test_from_sign_in_to_the_picture_are_two_steps(
    gateway: Gateway, person: PersonView, form_token: FormToken
) -> None:
    async with gateway.signed_in("Virtanen Sari") as browser:  # the first step: the sign-in
        search = (await browser.get("/")).text
        gateway.bus.answer = person
        page = await browser.post("/search", data={**SEARCH, "form_token": form_token(search)})  # the second
    assert "<svg" in page.text


async def test_the_picture_has_a_title_and_says_in_words_what_its_marks_say(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    page = (await sent(sari, form_token, SEARCH)).text
    assert 'aria-labelledby="chart-title chart-text"' in page
    assert ">Maksut 1.1.2016\u201331.12.2016</title>" in page
    assert "Kansaneläke: 1 maksupäivä, nettona 1\xa0234,30\xa0€." in page
    assert "<title>Kansaneläke, 7.12.2016: 1\xa0234,30\xa0€</title>" in page
    assert page.count("<rect") == 1
    assert "style=" not in page


async def test_a_filter_is_the_same_look_up_again(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    page = await sent(sari, form_token, {**AGAIN, "benefit": "kansanelake", "months": "3", "last": "2016-12-05"})
    query = query_in(gateway.bus.asked[0])
    assert (query.redisplay_of, query.benefit, query.printed) == (EVENT, "kansanelake", False)
    assert (query.first, query.last) == (date(2016, 10, 1), None)
    assert '<option value="3" selected>' in page.text
    assert '<option value="kansanelake" selected>' in page.text
    assert f'name="redisplay_of" value="{EVENT}"' in page.text


async def test_days_of_ones_own_are_kept_on_the_page(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person
    page = await sent(sari, form_token, {**AGAIN, "first": "2016-11-01", "last": "2016-12-05"})
    query = query_in(gateway.bus.asked[0])
    assert (query.first, query.last) == (date(2016, 11, 1), date(2016, 12, 5))
    assert 'value="2016-11-01"' in page.text
    assert ">Maksut 1.11.2016\u201331.12.2016</title>" in page.text


async def test_a_header_sorts_its_table_and_then_the_other_way(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    row = person.payments[0]
    small, large = row.model_copy(update={"net": "90.00"}), row.model_copy(update={"net": "1000.00"})
    gateway.bus.answer = person.model_copy(update={"payments": (small, large)})
    page = (await sent(sari, form_token, {**AGAIN, "sort_by": "payments.net.down"})).text
    assert page.index('<td class="number">1\xa0000,00') < page.index('<td class="number">90,00')
    assert page.count("aria-sort=") == 1
    assert '<th scope="col" class="number" aria-sort="descending">' in page
    assert 'name="sort_by" value="payments.net.up"' in page
    assert 'name="sort" value="payments.net.down"' in page
    assert query_in(gateway.bus.asked[0]).redisplay_of == EVENT


async def test_a_long_table_says_which_rows_it_shows_and_turns_its_pages(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person.model_copy(update={"payments": person.payments * (PAGE + 1)})
    first = (await sent(sari, form_token, AGAIN)).text
    second = (await sent(sari, form_token, {**AGAIN, "page": "payments.2"})).text
    assert "Rivit 1\u201350, yhteensä 51." in first
    assert 'name="page" value="payments.2"' in first
    assert "Rivit 51\u201351, yhteensä 51." in second
    assert 'name="page" value="payments.1"' in second


async def test_the_extract_is_logged_as_printed_whole_and_holds_nothing_to_press(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person.model_copy(update={"payments": person.payments * (PAGE + 1)})
    page = (await sent(sari, form_token, AGAIN, "/search/print")).text
    query = query_in(gateway.bus.asked[0])
    assert (query.printed, query.redisplay_of) == (True, EVENT)
    assert str(EVENT) in page
    assert "Tulostaminen on kirjattu lokiin" in page
    assert page.count('<th scope="row">7.12.2016</th>') == PAGE + 1
    content = page[page.index("<main") : page.index("</main>")]
    assert re.findall(r"<button|<form|<select", content) == []


@pytest.mark.parametrize("at", ["/search", "/search/print"])
async def test_a_refused_redisplay_or_nothing_any_more_shows_nobody(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, person: PersonView, form_token: FormToken, at: str
) -> None:
    gateway.bus.answer = refusal
    assert (await sent(sari, form_token, AGAIN, at)).status_code == 403
    gateway.bus.answer = NothingFound(looked_up=person.looked_up, access_event=EVENT)
    page = await sent(sari, form_token, AGAIN, at)
    assert (page.status_code, CLIENT in page.text) == (200, False)


async def test_hostile_words_in_every_field_arrange_nothing_and_run_nothing(
    gateway: Gateway, sari: httpx.AsyncClient, person: PersonView, form_token: FormToken
) -> None:
    gateway.bus.answer = person.model_copy(update={"name": '"><script>alert(1)</script>'})
    hostile = dict.fromkeys(("sort", "sort_by", "page", "months"), '"><svg onload=alert(1)>')
    page = await sent(sari, form_token, {**AGAIN, **hostile, "relation": "<b>x</b>", "case_reference": "=1+1"})
    assert page.status_code == 200
    for raw in ("<script>alert", "<svg onload", "<b>x</b>"):
        assert raw not in page.text
