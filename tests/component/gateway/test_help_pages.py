"""Help of each page, the accessibility statement and support, in three languages; what waits is counted by asking."""

from datetime import UTC, datetime

import httpx
import pytest

from services.gateway.domain.helping import TOPICS
from services.gateway.words import words
from shared.contracts.answers import ClaimsPage, Refused
from shared.contracts.base import Language
from tests.component.gateway.world import FormToken, Gateway


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
async def test_each_topic_has_its_help_in_each_language(gateway: Gateway, language: Language) -> None:
    t = words(language)
    async with gateway.fresh() as stranger:
        stranger.base_url = httpx.URL("http://gateway.test")
        stranger.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
        for topic in TOPICS:
            page = (await stranger.get("/help", params={"page": topic})).text
            assert t(f"help_topic.{topic}") in page
        statement = (await stranger.get("/accessibility")).text
        assert "WCAG 2.2" in statement
        assert t("accessibility.known") in statement


async def test_the_help_is_that_of_the_page_one_comes_from(sari: httpx.AsyncClient) -> None:
    assert 'href="/help?page=/claims/new"' in (await sari.get("/claims/new")).text
    assert "14 päivää ennen maksupäivää" in (await sari.get("/help", params={"page": "/claims/new"})).text
    hostile = (await sari.get("/help", params={"page": "<script>"})).text
    assert "<script>" not in hostile.replace('<script src="', "")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2016, 12, 30, 10, 0, tzinfo=UTC), "Tuki on nyt avoinna."),
        (datetime(2016, 12, 30, 15, 0, tzinfo=UTC), "avautuu ma 2.1.2017"),
        (datetime(2017, 1, 6, 10, 0, tzinfo=UTC), "avautuu ma 9.1.2017"),
    ],
)
async def test_support_says_whether_it_is_open_now(
    gateway: Gateway, sari: httpx.AsyncClient, now: datetime, said: str
) -> None:
    gateway.clocks.business = now
    assert said in (await sari.get("/support")).text


async def test_what_waits_is_counted_by_the_questions_of_the_readers_pages(
    gateway: Gateway, sari: httpx.AsyncClient, refusal: Refused, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/")).text)
    gateway.bus.answer = ClaimsPage(rows=(), next=None)
    page = await sari.post("/waiting", data={"form_token": token})
    assert "0 pian päättyvää maksuvaatimusta" in page.text
    gateway.bus.answer = refusal
    assert (await sari.post("/waiting", data={"form_token": token})).status_code == 403
