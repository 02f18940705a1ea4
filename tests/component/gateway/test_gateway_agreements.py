"""Records of agreements, emergency alerts, and what a sign-in tells: the gateway's ways to the agreements service."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from deploy.demo.client import GatewayClient
from services.gateway import seen
from services.gateway.routes import public
from services.gateway.store.alerts import Alert
from shared.bus.client import NoAnswer, Question, Unavailable
from shared.bus.topics import AGREEMENTS_REQUESTS
from shared.contracts.agreements import UserChanged
from shared.contracts.answers import Answer, ChangeFault, ChangesDone, ChangesRefused, RecordsFound, RecordVersion
from shared.contracts.asking import ChangeRecords, RecordChange, RecordsQuery, UserSeen
from shared.contracts.base import Text
from shared.ids import pseudonym
from tests.component.gateway.world import EVENT, GATEWAY, KEY, LEENA, SARI, TAMPERE, Gateway

IDEMPOTENCY_KEY = "0123456789abcdef"
CHANGE: dict[str, object] = {"kind": "organisation", "body": '{"version": 2}'}
NOON = datetime(2016, 12, 31, 10, 0, tzinfo=UTC)


def alert(organisation: str, hour: int) -> Alert:
    return Alert(
        access_event=UUID(int=EVENT.int + hour),
        time=NOON + timedelta(hours=hour),
        organisation=organisation,
        member="837",
        worker=pseudonym(KEY, "worker", SARI),
    )


@pytest.fixture
async def leena(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of Leena, log supervisor of Tampere."""
    async with gateway.browser_of(LEENA, "Laine Leena") as browser:
        yield browser


async def test_records_are_changed_by_one_command_keyed_by_the_organisation(
    gateway: Gateway, sari: httpx.AsyncClient
) -> None:
    gateway.bus.answer = ChangesDone(changed=1, unchanged=0)
    client = GatewayClient(GATEWAY, sari)
    reply = await client.change_records([CHANGE], idempotency_key=IDEMPOTENCY_KEY, reason="Uusi osoite")
    (question,) = gateway.bus.asked
    assert (reply.status, reply.body["changed"]) == (200, 1)
    assert (question.topic, question.key, question.command) == (AGREEMENTS_REQUESTS, TAMPERE, True)
    assert question.body == ChangeRecords(
        idempotency_key=IDEMPOTENCY_KEY,
        changes=(RecordChange(kind="organisation", body='{"version": 2}'),),
        reason="Uusi osoite",
    )


@pytest.mark.parametrize(
    ("language", "reason", "advice"),
    [
        ("fi", "Ei ole seuraava versio.", "Lue se."),
        ("sv", "Är inte nästa version.", "Läs den."),
        ("en", "It is not the next version.", "Read it."),
    ],
)
async def test_faults_of_records_are_told_one_by_one_in_the_readers_language(
    gateway: Gateway, sari: httpx.AsyncClient, language: str, reason: str, advice: str
) -> None:
    told: dict[str, Any] = {
        "record": "0211675-2",
        "code": "version",
        "reason": Text(fi="Ei ole seuraava versio.", sv="Är inte nästa version.", en="It is not the next version."),
        "advice": Text(fi="Lue se.", sv="Läs den.", en="Read it."),
    }
    fault = ChangeFault.model_construct(**told)
    gateway.bus.answer = ChangesRefused.model_construct(faults=(fault,))
    sari.cookies.set("kelmu_language", language, domain="gateway.test", path="/")
    client = GatewayClient(GATEWAY, sari)
    reply = await client.change_records([CHANGE], idempotency_key=IDEMPOTENCY_KEY, reason="Uusi osoite")
    assert (reply.status, reply.kind) == (422, "records_refused")
    assert reply.body["faults"] == [{"record": "0211675-2", "code": "version", "reason": reason, "advice": advice}]


async def test_records_are_read_as_known_and_as_valid(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    row = RecordVersion(
        kind="organisation", id=TAMPERE, version=1, body="{}", recorded_at=NOON, actor="kela", reason="first"
    )
    gateway.bus.answer = RecordsFound(rows=(row,), next=None)
    reply = await GatewayClient(GATEWAY, sari).records("organisation", known="2016-06-30", valid="2016-01-01")
    (question,) = gateway.bus.asked
    assert RecordsFound.model_validate(reply.body).rows == (row,)
    assert isinstance(question.body, RecordsQuery)
    assert (str(question.body.known), str(question.body.valid)) == ("2016-06-30", "2016-01-01")
    assert not question.command


async def test_a_log_supervisor_sees_the_overrides_of_the_own_organisation_only(
    gateway: Gateway, leena: httpx.AsyncClient
) -> None:
    gateway.alerts.rows = [alert(TAMPERE, 0), alert("0171450-7", 1), alert(TAMPERE, 2)]
    reply = await GatewayClient(GATEWAY, leena).alerts()
    shown = reply.body["alerts"]
    assert isinstance(shown, list)
    assert [one["access_event"] for one in shown] == [str(UUID(int=EVENT.int + hour)) for hour in (2, 0)]
    page = (await leena.get("/")).text
    assert "Hätäohitukset organisaatiossasi" in page
    assert str(UUID(int=EVENT.int + 2)) in page
    assert str(UUID(int=EVENT.int + 1)) not in page


async def test_the_start_page_leads_to_the_page_of_all_overrides(gateway: Gateway, leena: httpx.AsyncClient) -> None:
    gateway.alerts.rows = [alert(TAMPERE, hour) for hour in range(public.ALERTS + 2)]
    start = (await leena.get("/")).text
    assert 'href="/alerts"' in start
    assert str(UUID(int=EVENT.int)) not in start
    page = await leena.get("/alerts")
    assert page.status_code == 200
    for shown in (str(UUID(int=EVENT.int)), pseudonym(KEY, "worker", SARI), "Tampereen kaupunki", "Enintään 100"):
        assert shown in page.text
    gateway.alerts.rows = [alert("0171450-7", 1)]
    assert "Hätäohitusta ei ole käytetty." in (await leena.get("/alerts")).text


async def test_nobody_else_is_offered_or_shown_the_page_of_overrides(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.alerts.rows = [alert(TAMPERE, 0)]
    page = await sari.get("/alerts")
    assert page.status_code == 403
    assert "Roolisi eivät kata tätä." in page.text
    assert pseudonym(KEY, "worker", SARI) not in page.text
    assert 'href="/alerts"' not in (await sari.get("/")).text


async def test_nobody_else_sees_overrides(gateway: Gateway, sari: httpx.AsyncClient) -> None:
    gateway.alerts.rows = [alert(TAMPERE, 0)]
    reply = await GatewayClient(GATEWAY, sari).alerts()
    assert (reply.status, reply.kind) == (403, "not_allowed")
    assert "Hätäohitukset" not in (await sari.get("/")).text


async def test_a_locked_supervisor_sees_no_overrides(gateway: Gateway, leena: httpx.AsyncClient) -> None:
    worker = pseudonym(KEY, "worker", LEENA)
    locked = UserChanged(
        id=f"{TAMPERE}/{worker}",
        version=1,
        worker=worker,
        organisation=TAMPERE,
        status="locked",
        why="left",
        since=NOON.date(),
    )
    gateway.agreements.directory.apply(locked)
    assert (await GatewayClient(GATEWAY, leena).alerts()).status == 403


async def test_a_sign_in_is_told_once_for_each_organisation_of_the_worker(gateway: Gateway) -> None:
    async with gateway.signed_in("Virtanen Sari"):
        (told,) = gateway.bus.seen
    assert told.body == UserSeen()
    assert (told.topic, told.key, told.command) == (AGREEMENTS_REQUESTS, TAMPERE, True)
    assert (told.actor.identity_code, told.actor.organisation) == (SARI, TAMPERE)
    gateway.bus.seen.clear()
    async with gateway.signed_in("Lindqvist Kaj"):
        assert [one.key for one in gateway.bus.seen] == ["0171450-7"]
    gateway.bus.seen.clear()
    async with gateway.signed_in("alitunniste 7"):
        assert gateway.bus.seen == []


@pytest.mark.parametrize("trouble", [Unavailable("kafka is down"), NoAnswer("too late")])
async def test_a_sign_in_that_cannot_be_told_goes_on(gateway: Gateway, trouble: Exception) -> None:
    gateway.bus.seen_answer = trouble
    async with gateway.signed_in() as browser:
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_a_sign_in_waits_for_the_agreements_service_no_longer_than_it_may(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout == seen.SECONDS
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(seen, "SECONDS", 0.01)
    monkeypatch.setattr(gateway.bus, "ask", hang)
    async with gateway.signed_in() as browser:
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_a_sign_in_goes_on_while_agreements_are_unknown(gateway: Gateway) -> None:
    gateway.agreements.ready = False
    async with gateway.signed_in():
        assert gateway.bus.seen == []
