"""States that happen, each a page in words: refused, stale audit, interrupted, too late, empty, partial, ended."""

from datetime import date

import httpx
import pytest

from services.gateway.words import words as words_in
from shared.bus.client import NoAnswer, Unavailable
from shared.contracts.answers import (
    Answer,
    ClaimsPage,
    Failed,
    ListPage,
    NothingFound,
    NoticePage,
    PersonView,
    Refused,
    Trimmed,
)
from shared.contracts.base import Refusal, Text
from tests.component.gateway.world import CLIENT, EVENT, FormToken, Gateway

SEARCH = {"purpose": "VERIFY", "informed": "yes", "identity_code": CLIENT}
STALE = Refused(
    refusal=Refusal(
        code="gate.audit_fresh",
        rule="audit_fresh",
        law="L 621/1999 18 §",
        reason=Text(fi="Loki ei ole ajan tasalla.", sv="Loggen är inte uppdaterad.", en="The log is not up to date."),
        advice=Text(fi="Yritä hetken kuluttua.", sv="Försök om en stund.", en="Try again in a moment."),
    ),
    event=EVENT,
)


async def looked_up(
    sari: httpx.AsyncClient, gateway: Gateway, form_token: FormToken, answer: Answer | Exception, language: str = "fi"
) -> httpx.Response:
    await sari.get(f"/language/{language}")
    token = form_token((await sari.get("/help")).text)
    gateway.bus.answer = answer
    return await sari.post("/search", data={**SEARCH, "form_token": token})


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "Loki ei ole ajan tasalla."), ("sv", "Loggen är inte uppdaterad."), ("en", "The log is not up to date.")],
)
async def test_a_stale_log_is_a_refusal_with_rule_law_advice_and_its_log_entry(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, language: str, words: str
) -> None:
    page = await looked_up(sari, gateway, form_token, STALE, language)
    assert page.status_code == 403
    for shown in (words, "audit_fresh", "L 621/1999 18 §", str(EVENT)):
        assert shown in page.text
    assert CLIENT not in page.text


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (Unavailable("kafka is down"), 503, ("Mitään ei haettu.", "10 sekunnin kuluttua", "Tuki")),
        (NoAnswer("too late"), 504, ("Vastaus ei tullut ajoissa", "Yritys on kirjattu lokiin")),
        (
            Failed(code="lookup.database", reason="The register is not reached.", retry=True),
            503,
            ("5 sekunnin", "Tuki"),
        ),
    ],
)
async def test_what_could_not_be_answered_says_what_happened_and_what_to_do(
    gateway: Gateway,
    sari: httpx.AsyncClient,
    form_token: FormToken,
    outcome: Answer | Exception,
    status: int,
    words: tuple[str, ...],
) -> None:
    page = await looked_up(sari, gateway, form_token, outcome)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert [one for one in words if one not in page.text] == []
    assert CLIENT not in page.text


async def test_nothing_found_is_told_as_that_with_its_log_entry(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, person: PersonView
) -> None:
    page = await looked_up(sari, gateway, form_token, NothingFound(looked_up=person.looked_up, access_event=EVENT))
    assert page.status_code == 200
    assert "ei ole tietoja etuusrekisterissä" in page.text
    assert str(EVENT) in page.text


async def test_a_person_without_benefits_has_every_table_in_words(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, person: PersonView
) -> None:
    bare = {"pending": (), "decisions": (), "payments": (), "claims": (), "trimmed": ()}
    page = await looked_up(sari, gateway, form_token, person.model_copy(update=bare))
    assert page.status_code == 200
    assert page.text.count('class="empty"') == 5
    assert "<table" not in page.text


async def test_what_is_left_out_is_counted_with_its_reason(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken, person: PersonView
) -> None:
    left_out = tuple(Trimmed(group="decisions", count=3, why=why) for why in ("window", "size", "withdrawn"))
    page = await looked_up(sari, gateway, form_token, person.model_copy(update={"trimmed": left_out}))
    assert page.text.count('class="trimmed"') == 3


@pytest.mark.parametrize(
    ("at", "fields", "answer", "words"),
    [
        ("/notices", {}, NoticePage(rows=(), next=None, overdue=0), "notices.empty"),
        ("/claims/work", {"view": "team"}, ClaimsPage(rows=(), next=None), "claims.empty"),
        (
            "/lists",
            {"list": "tmt_300", "purpose": "TMT_LIST"},
            ListPage(list="tmt_300", as_of=date(2016, 12, 31), rows=(), total=0, next=None, access_event=EVENT),
            "lists.empty",
        ),
    ],
)
async def test_an_empty_list_is_told_in_words(
    gateway: Gateway,
    sari: httpx.AsyncClient,
    form_token: FormToken,
    at: str,
    fields: dict[str, str],
    answer: Answer,
    words: str,
) -> None:
    token = form_token((await sari.get("/help")).text)
    gateway.bus.answer = answer
    page = await sari.post(at, data={**fields, "form_token": token})
    assert page.status_code == 200
    assert words_in("fi")(words) in page.text
    assert "<table" not in page.text


async def test_the_next_page_of_a_list_asks_the_same_again(
    gateway: Gateway, sari: httpx.AsyncClient, form_token: FormToken
) -> None:
    token = form_token((await sari.get("/help")).text)
    gateway.bus.answer = ClaimsPage(rows=(), next="1~V-2016-000001")
    page = await sari.post("/claims/work", data={"view": "needs_action", "form_token": token})
    assert 'name="view" value="needs_action"' in page.text
    assert 'name="after" value="1~V-2016-000001"' in page.text
