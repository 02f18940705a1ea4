"""News, notices and breaks: edited by Kela's officer alone, kept version by version, told where they belong."""

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from tests.component.gateway.announced import FakeAnnouncements
from tests.component.gateway.officer import HOSTILE, officer_of
from tests.component.gateway.world import FormToken, Gateway

FORM: Mapping[str, str] = {
    "kind": "news",
    "title_fi": "Laskutus muuttuu",
    "title_sv": "Faktureringen ändras",
    "title_en": "Billing changes",
    "text_fi": "Vuoden alusta.",
    "text_sv": "Från årets början.",
    "text_en": "From the new year.",
    "first": "2016-12-30T10:00",
    "reason": "uusi tiedote",
    "idempotency_key": "0123456789abcdef",
}


@pytest.fixture
async def outi(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    async with officer_of(gateway) as browser:
        yield browser


async def sent(browser: httpx.AsyncClient, token: FormToken, **fields: str) -> httpx.Response:
    page = await browser.get("/news/edit")
    return await browser.post("/news/edit", data={**FORM, **fields, "form_token": token(page.text)})


def kept(gateway: Gateway) -> FakeAnnouncements:
    store = gateway.parts.news.store
    assert isinstance(store, FakeAnnouncements)
    return store


@pytest.mark.parametrize(
    ("language", "title", "assumed"),
    [
        ("fi", "Laskutus muuttuu", "oletuksia"),
        ("sv", "Faktureringen ändras", "antaganden"),
        ("en", "Billing changes", "assumptions"),
    ],
)
async def test_a_stranger_reads_the_law_the_news_and_that_prices_are_assumed(
    gateway: Gateway, outi: httpx.AsyncClient, form_token: FormToken, language: str, title: str, assumed: str
) -> None:
    assert (await sent(outi, form_token)).status_code == 200
    async with gateway.fresh() as stranger:
        stranger.base_url = outi.base_url
        stranger.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
        page = (await stranger.get("/")).text
    for words in (title, assumed, "29.3 §", "L 812/2000 20 §, 21 §", "1.1.2017", 'href="/sign-in"'):
        assert words in page


async def test_a_break_stands_on_every_page_from_a_week_before(
    gateway: Gateway, outi: httpx.AsyncClient, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    times = {"kind": "break", "first": "2017-01-03T18:00", "last": "2017-01-03T20:00", "title_fi": "Päivitys"}
    await sent(outi, form_token, **times)
    for path in ("/", "/claims/new", "/help"):
        page = (await sari.get(path)).text
        assert "Käyttökatko" in page
        assert "3.1.2017 klo 18.00" in page
        assert "Päivitys" in page
    gateway.clocks.business = gateway.clocks.business.replace(month=12, day=20)
    assert "Päivitys" not in (await sari.get("/")).text


async def test_hostile_words_are_shown_and_do_nothing(
    gateway: Gateway, outi: httpx.AsyncClient, form_token: FormToken
) -> None:
    fields = {name: HOSTILE for name in FORM if name.startswith(("title_", "text_", "reason"))}
    await sent(outi, form_token, **fields, kind="notice")
    (version,) = kept(gateway).rows
    page = await outi.get("/news/edit")
    opened = await outi.post(
        "/news/open", data={"id": str(version.announcement.id), "form_token": form_token(page.text)}
    )
    for shown in (page, opened, await outi.get("/news"), await outi.get("/")):
        assert "<script>alert" not in shown.text
        assert "&lt;script&gt;alert(1)" in shown.text
        assert "49" not in shown.text.partition("&lt;script&gt;")[2][:60]


@pytest.mark.parametrize(
    "fields",
    [
        {"title_sv": ""},
        {"text_en": "  "},
        {"text_fi": "Asiakas 010180\u20139015"},
        {"reason": "010180-9015"},
        {"kind": "break"},
        {"last": "2016-12-30T10:00"},
        {"first": "huomenna"},
        {"first": "0001-01-01T00:00"},
        {"kind": "party"},
    ],
)
async def test_what_is_not_complete_or_names_a_person_is_not_kept(
    gateway: Gateway, outi: httpx.AsyncClient, form_token: FormToken, fields: dict[str, str]
) -> None:
    answer = await sent(outi, form_token, **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert kept(gateway).rows == []


async def test_the_history_tells_who_changed_what_and_why(
    gateway: Gateway, outi: httpx.AsyncClient, form_token: FormToken
) -> None:
    await sent(outi, form_token)
    (first,) = kept(gateway).rows
    change = {"id": str(first.announcement.id), "version": "1", "idempotency_key": "second-0001"}
    await sent(outi, form_token, **change, title_fi="Hinta muuttuu", reason="tarkennus")
    stale = await sent(outi, form_token, **change | {"idempotency_key": "third-00001"}, reason="myöhässä")
    assert stale.status_code == 409
    assert "Joku muu" in stale.text
    page = await outi.get("/news/edit")
    opened = await outi.post("/news/open", data={"id": change["id"], "form_token": form_token(page.text)})
    for words in ("Hinta muuttuu", "Laskutus muuttuu", "tarkennus", "uusi tiedote", first.change.worker):
        assert words in opened.text
    assert "myöhässä" not in opened.text


async def test_a_form_sent_twice_is_kept_once(gateway: Gateway, outi: httpx.AsyncClient, form_token: FormToken) -> None:
    answers = [await sent(outi, form_token) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert len(kept(gateway).rows) == 1


async def test_nobody_else_edits(gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken) -> None:
    assert (await sari.get("/news/edit")).status_code == 403
    token = form_token((await sari.get("/help")).text)
    assert (await sari.post("/news/edit", data={**FORM, "form_token": token})).status_code == 403
    assert kept(gateway).rows == []
    assert 'href="/news/edit"' not in (await sari.get("/")).text
