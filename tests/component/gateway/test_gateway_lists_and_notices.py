"""Lists and notices: what is asked, what is shown, and what each way of getting nothing means."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import httpx
import pytest

from deploy.demo.client import GatewayClient
from shared.bus.client import NoAnswer, Unavailable
from shared.bus.topics import LOOKUP_REQUESTS
from shared.contracts.answers import (
    Answer,
    AttachmentRow,
    ListPage,
    ListRow,
    NoticeDone,
    NoticePage,
    NoticeRow,
    NoticeStatistics,
    NoticeView,
    Refused,
    StatisticsRow,
)
from shared.contracts.asking import ListQuery, NoticeCommand, NoticeQuery, NoticesQuery, NoticeStatisticsQuery
from shared.contracts.base import Purpose
from tests.component.gateway.world import CLIENT, EVENT, GATEWAY, VILLE, FormToken, Gateway

KEY = "0123456789abcdef"
ROW = NoticeRow(
    notice="N-1",
    version=2,
    type="need_of_social_work",
    visible=datetime(2016, 12, 30, 6, 0, tzinfo=UTC),
    due=date(2017, 1, 10),
    state="open",
    urgent=True,
    overdue=True,
)
ACT = {"notice": "N-1", "version": "2", "action": "take", "idempotency_key": KEY}
NOTICES = NoticePage(rows=(ROW,), next="N-1", overdue=1)
NOTICE = NoticeView(
    row=ROW,
    identity_code=CLIENT,
    name="Meikäläinen Maija",
    phone="0401234567",
    text="Tarvitsee yhteydenottoa",
    attachments=(AttachmentRow(name="Vuokrasopimus.pdf", media_type="application/pdf", size=1234, sha256="0" * 64),),
    access_event=EVENT,
)
PAGE = ListPage(
    list="tmt_300",
    as_of=date(2016, 12, 31),
    rows=(ListRow(identity_code=CLIENT, name="Meikäläinen Maija", days=305, protected=True),),
    total=51,
    next="cursor-1",
    access_event=EVENT,
)
DONE = NoticeDone(notice="N-1", version=3, state="moved", municipality="297")
STATISTICS = NoticeStatistics(
    first=date(2016, 1, 1),
    last=date(2016, 12, 31),
    rows=(StatisticsRow(type="contact", arrived=9, open=2, done=7, done_late=1, overdue=1, median_days="3.5"),),
)


@pytest.fixture
async def browser(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Ville, who handles notices and the labour market support list."""
    async with gateway.browser_of(VILLE, "Nieminen Ville") as ville:
        yield ville


async def test_a_page_of_a_list_is_asked_for_by_name_and_purpose(gateway: Gateway, browser: httpx.AsyncClient) -> None:
    gateway.bus.answer = PAGE
    client = GatewayClient(GATEWAY, browser)
    reply = await client.list_page("tmt_300", purpose="TMT_LIST", after="cursor-0")
    (question,) = gateway.bus.asked
    assert (reply.status, ListPage.model_validate(reply.body)) == (200, PAGE)
    assert question.topic is LOOKUP_REQUESTS
    assert question.body == ListQuery(list="tmt_300", purpose=Purpose.TMT_LIST, after="cursor-0")
    assert (await client.list_page("everybody", purpose="TMT_LIST")).status == 422


async def test_another_list_than_the_asked_one_is_shown_to_nobody(gateway: Gateway, browser: httpx.AsyncClient) -> None:
    gateway.bus.answer = PAGE
    response = await browser.post("/api/v1/lists/tmt_200", json={"purpose": "TMT_LIST"})
    assert response.status_code == 500
    assert CLIENT not in response.text


async def test_the_notices_are_listed_opened_and_handled(gateway: Gateway, browser: httpx.AsyncClient) -> None:
    client = GatewayClient(GATEWAY, browser)
    gateway.bus.answer = NOTICES
    assert NoticePage.model_validate((await client.notices(state="overdue")).body) == NOTICES
    gateway.bus.answer = NOTICE
    assert NoticeView.model_validate((await client.notice("N-1")).body) == NOTICE
    gateway.bus.answer = DONE
    reply = await client.act_on_notice("N-1", 2, "move", idempotency_key=KEY, to="297", reason="Väärä kunta")
    assert NoticeDone.model_validate(reply.body) == DONE
    gateway.bus.answer = STATISTICS
    reply = await client.notice_statistics("2016-01-01", "2016-12-31")
    assert NoticeStatistics.model_validate(reply.body) == STATISTICS
    command = NoticeCommand(
        idempotency_key=KEY,
        purpose=Purpose.ETOTU,
        notice="N-1",
        version=2,
        action="move",
        to="297",
        reason="Väärä kunta",
    )
    assert [one.body for one in gateway.bus.asked] == [
        NoticesQuery(purpose=Purpose.ETOTU, state="overdue"),
        NoticeQuery(purpose=Purpose.ETOTU, notice="N-1"),
        command,
        NoticeStatisticsQuery(first=date(2016, 1, 1), last=date(2016, 12, 31)),
    ]
    assert [one.command for one in gateway.bus.asked] == [False, False, True, False]


async def test_another_notice_than_the_asked_one_is_shown_to_nobody(
    gateway: Gateway, browser: httpx.AsyncClient
) -> None:
    gateway.bus.answer = NOTICE
    response = await browser.post("/api/v1/notices/open", json={"purpose": "ETOTU", "notice": "N-2"})
    assert response.status_code == 500
    assert CLIENT not in response.text


@pytest.mark.parametrize(
    ("outcome", "status", "kind"),
    [(NoAnswer("late"), 504, "undecided"), (Unavailable("down"), 503, "unconfirmed")],
)
async def test_a_command_without_a_receipt_may_be_sent_again(
    gateway: Gateway, browser: httpx.AsyncClient, outcome: Exception, status: int, kind: str
) -> None:
    gateway.bus.answer = outcome
    reply = await GatewayClient(GATEWAY, browser).act_on_notice("N-1", 2, "take", idempotency_key=KEY)
    assert (reply.status, reply.kind) == (status, kind)
    assert "same idempotency key" in str(reply.body["detail"])
    # A notice, a remark or a record is no claim.
    assert "claim" not in str(reply.body)


@pytest.mark.parametrize(("language", "claim"), [("fi", "vaatimus"), ("sv", "yrkande"), ("en", "claim")])
async def test_the_page_of_an_unconfirmed_command_does_not_speak_of_claims(
    gateway: Gateway, browser: httpx.AsyncClient, form_token: FormToken, language: str, claim: str
) -> None:
    browser.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = form_token((await browser.get("/notices")).text)
    gateway.bus.answer = Unavailable("down")
    page = await browser.post("/notices/act", data={"form_token": token, **ACT})
    assert page.status_code == 503
    reason = re.search(r'<p class="reason">(.*)</p>', page.text)
    assert reason is not None
    assert claim not in reason[1]


@pytest.mark.parametrize(
    ("path", "form", "answer", "words"),
    [
        ("/lists", {"list": "tmt_300", "purpose": "TMT_LIST"}, PAGE, [CLIENT, "305", "turvakielto", "cursor-1"]),
        ("/notices", {"state": "open"}, NOTICES, ["sosiaalityön tarve", "10.1.2017", "kiireellinen", "myöhässä 1"]),
        ("/notices/open", {"notice": "N-1"}, NOTICE, [CLIENT, "Tarvitsee yhteydenottoa", "Vuokrasopimus.pdf"]),
        (
            "/notices/act",
            {"notice": "N-1", "version": "2", "action": "move", "to": "297", "idempotency_key": KEY},
            DONE,
            ["siirretty", "Kuopion kaupunki"],
        ),
        ("/notices/statistics", {"first": "2016-01-01", "last": "2016-12-31"}, STATISTICS, ["yhteydenotto", "3.5"]),
    ],
)
async def test_each_page_shows_its_answer_or_the_refusal(
    gateway: Gateway,
    browser: httpx.AsyncClient,
    form_token: FormToken,
    refusal: Refused,
    path: str,
    form: dict[str, str],
    answer: Answer,
    words: list[str],
) -> None:
    token = form_token((await browser.get("/notices")).text)
    gateway.bus.answer = answer
    shown = await browser.post(path, data={"form_token": token, **form})
    assert shown.status_code == 200
    assert [word for word in words if word not in shown.text] == []
    gateway.bus.answer = refusal
    refused = await browser.post(path, data={"form_token": token, **form})
    assert refused.status_code == 403
    assert "Sopimus ei kata tätä." in refused.text


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/notices/act", {"notice": "N-1", "version": "2", "action": "take"}),
        ("/annotate", {"access_event": str(EVENT)}),
    ],
)
async def test_an_identity_code_is_no_key_of_a_pages_command(
    gateway: Gateway, browser: httpx.AsyncClient, form_token: FormToken, path: str, form: dict[str, str]
) -> None:
    token = form_token((await browser.get("/notices")).text)
    page = await browser.post(path, data={"form_token": token, "idempotency_key": CLIENT, **form})
    assert page.status_code == 422
    assert CLIENT not in page.text
    assert gateway.bus.asked == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("fi", "avataan Kelan eTotu-arkistossa"), ("sv", "öppnas i FPA:s"), ("en", "eTotu archive by its reference")],
)
async def test_an_attachment_is_described_by_reference_and_linked_nowhere(
    gateway: Gateway, browser: httpx.AsyncClient, form_token: FormToken, language: str, words: str
) -> None:
    browser.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = form_token((await browser.get("/notices")).text)
    gateway.bus.answer = NOTICE
    page = (await browser.post("/notices/open", data={"form_token": token, "notice": "N-1"})).text
    for shown in (words, "Vuokrasopimus.pdf", "application/pdf", "1234", "0" * 64):
        assert shown in page
    links = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert not [link for link in links if "attachment" in link or "0" * 64 in link or "Vuokra" in link]


@pytest.mark.parametrize(
    ("language", "mine", "theirs"),
    [("fi", "sinä", "toinen työntekijä"), ("sv", "du", "en annan arbetstagare"), ("en", "you", "another worker")],
)
async def test_who_handles_a_notice_is_said_in_words(
    gateway: Gateway, browser: httpx.AsyncClient, form_token: FormToken, language: str, mine: str, theirs: str
) -> None:
    browser.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    token = form_token((await browser.get("/notices")).text)
    for hand, words in (("me", mine), ("colleague", theirs)):
        row = ROW.model_copy(update={"state": "taken", "taken_by": hand})
        gateway.bus.answer = NOTICES.model_copy(update={"rows": (row,)})
        assert f"<td>{words}</td>" in (await browser.post("/notices", data={"form_token": token})).text
        gateway.bus.answer = NOTICE.model_copy(update={"row": row})
        opened = await browser.post("/notices/open", data={"form_token": token, "notice": "N-1"})
        assert f"<dd>{words}</dd>" in opened.text


async def test_the_pages_offer_every_list_and_state_that_may_be_asked_for(browser: httpx.AsyncClient) -> None:
    lists, notices = (await browser.get("/lists")).text, (await browser.get("/notices")).text
    assert re.findall(r'name="list" id="[^"]*" value="([^"]*)"', lists) == ["tmt_200", "tmt_300", "tmt_invoice"]
    assert re.findall(r'<option value="([^"]*)"', notices) == ["", "open", "taken", "done", "moved", "overdue"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("lists/tmt_300", {"after": "a\x00b"}),
        ("lists/tmt_invoice", {"month": "0001-01"}),
        ("notices", {"after": "a\x7fb"}),
        ("notices/open", {"notice": "N\x001"}),
        ("notices/act", {**ACT, "version": 1, "notice": "N\x001"}),
        ("notices/statistics", {"first": "2016-01-01", "last": "9999-12-31"}),
        ("lookups", {"identity_code": CLIENT, "first": "0001-01-01"}),
        ("records/query", {"record_kind": "user", "after": "\n"}),
    ],
)
async def test_what_the_contract_does_not_take_is_refused_at_the_edge(
    gateway: Gateway, browser: httpx.AsyncClient, path: str, body: dict[str, object]
) -> None:
    assert (await browser.post(f"/api/v1/{path}", json=body)).status_code == 422
    assert gateway.bus.asked == []


@pytest.mark.parametrize("path", ["/lists", "/notices/open", "/notices/act", "/notices/statistics"])
async def test_a_form_that_no_page_sends_asks_nobody(
    gateway: Gateway, browser: httpx.AsyncClient, form_token: FormToken, path: str
) -> None:
    token = form_token((await browser.get("/notices")).text)
    assert (await browser.post(path, data={"form_token": token})).status_code == 422
    assert gateway.bus.asked == []


async def test_the_start_page_offers_what_the_role_may_do(browser: httpx.AsyncClient, sari: httpx.AsyncClient) -> None:
    handler, clerk = (await browser.get("/")).text, (await sari.get("/")).text
    assert 'href="/notices"' in handler
    assert 'href="/lists"' in handler
    assert 'action="/search"' not in handler
    assert 'action="/search"' in clerk
    assert 'href="/notices"' not in clerk
    assert 'href="/lists"' not in clerk
