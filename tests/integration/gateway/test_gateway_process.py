"""The gateway as it runs: its own process, real Kafka, real PostgreSQL, the whole sign-in."""

import asyncio
import time
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from deploy.demo.client import GatewayClient
from services.gateway.interface import request_of
from shared.bus.topics import ACCESS_ALERTS
from shared.contracts.access import OverrideUsed
from shared.contracts.base import Role
from shared.finnish.identity_code import contains_identity_code
from tests.harness.consuming import until
from tests.integration.gateway.conftest import ABSENT, CLIENT, SARI, TAMPERE, TOKEN, Running, publish
from tests.stack.fixtures import Servers

CLAIM = {
    "idempotency_key": "k-integration-1",
    "identity_code": CLIENT,
    "benefit": "kansanelake",
    "ground": "aml_14",
    "first": "2017-01-01",
    "amount": "all",
}


async def test_a_look_up_travels_over_kafka_and_back(running: Running) -> None:
    async with running.signed_in() as sari:
        reply = await sari.look_up(CLIENT, purpose="VERIFY")
    assert (reply.status, reply.kind) == (200, "nothing_found")
    request = running.asked[-1]
    assert reply.body["access_event"] == str(request.id)
    assert request.actor is not None
    assert (request.actor.identity_code, request.actor.member) == (SARI, "837")
    assert set(request.actor.roles) == {Role.VIEWER, Role.FEE_CLERK}


async def test_many_at_once_each_get_their_own_answer(running: Running) -> None:
    async with running.signed_in() as sari:
        replies = await asyncio.gather(*(sari.look_up(CLIENT, purpose="VERIFY") for _ in range(100)))
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body["access_event"] for reply in replies}) == 100


async def test_a_look_up_that_nobody_answers_in_time_is_504(running: Running) -> None:
    async with running.signed_in() as sari:
        reply = await sari.look_up(ABSENT, purpose="VERIFY")
    assert (reply.status, reply.kind) == (504, "no_answer")


async def test_a_claim_waits_on_kafka_when_its_service_is_away(running: Running) -> None:
    async with running.signed_in() as sari:
        reply = await sari.register_claim(**CLAIM)
    assert (reply.status, reply.body["status_url"]) == (202, "/api/v1/claims/k-integration-1")


async def test_a_municipalitys_own_system_asks_over_the_interface(running: Running) -> None:
    async with GatewayClient(running.url) as system:
        key = uuid4().hex
        reply, stranger = [
            await system.interface_look_up(
                CLIENT,
                token=token,
                user="kuntalainen.kalle",
                idempotency_key=key,
                member="837",
                purpose="VERIFY",
                informed=True,
            )
            for token in (TOKEN, "wrong")
        ]
    request = running.asked[-1]
    assert (reply.status, reply.kind, stranger.status) == (200, "nothing_found", 401)
    assert request.actor is not None
    assert (request.actor.system, request.actor.name) == ("effica", "kuntalainen.kalle")
    assert request.id == request_of("A-gateway-test", "effica", key)


async def test_the_same_call_under_way_is_not_made_twice(running: Running) -> None:
    key = uuid4().hex
    async with GatewayClient(running.url) as system:
        calls = [
            system.interface_look_up(
                ABSENT, token=TOKEN, user="kalle", idempotency_key=key, member="837", purpose="VERIFY", informed=True
            )
            for _ in range(2)
        ]
        replies = await asyncio.gather(*calls)
    assert sorted(reply.kind for reply in replies) == ["no_answer", "repeated"]
    assert sum(request.id == request_of("A-gateway-test", "effica", key) for request in running.asked) == 1


async def test_an_emergency_override_is_told_to_the_log_supervisor(running: Running) -> None:
    used = OverrideUsed(
        access_event=uuid4(),
        time=datetime(2016, 12, 31, 10, 0, tzinfo=UTC),
        organisation=TAMPERE,
        member="837",
        worker=f"v1.{'a' * 26}",
    )
    await publish(running.kafka, ACCESS_ALERTS, used, used)
    async with running.signed_in("Laine Leena") as leena:
        alerts = await until(leena.alerts, lambda reply: bool(reply.body["alerts"]))
    assert alerts.body["alerts"] == [
        {**used.model_dump(mode="json"), "time": "2016-12-31T10:00:00Z"},
    ]


async def test_with_kafka_down_it_is_503_and_nobody_was_asked(running: Running, stack: Servers) -> None:
    async with running.signed_in() as sari:
        asked = len(running.asked)
        await stack.stop("kafka")
        try:
            began = time.monotonic()
            reply = await sari.look_up(CLIENT, purpose="VERIFY")
            assert (reply.status, reply.kind) == (503, "unavailable")
            assert time.monotonic() - began < 10
            assert len(running.asked) == asked
        finally:
            await stack.start("kafka")
        await until(lambda: _status_of_a_look_up(sari), lambda status: status == 200, 60.0)


async def test_with_the_database_down_it_is_503_and_comes_back(running: Running, stack: Servers) -> None:
    async with running.signed_in() as sari:
        await stack.stop("postgres")
        try:
            reply = await sari.look_up(CLIENT, purpose="VERIFY")
            assert (reply.status, reply.kind) == (503, "interrupted")
        finally:
            await stack.start("postgres")
        await until(lambda: _status_of_a_look_up(sari), lambda status: status == 200, 60.0)


async def test_the_log_names_nobody(running: Running) -> None:
    async with running.signed_in() as sari:
        await sari.look_up(CLIENT, purpose="VERIFY")
        await sari.call("POST", "/api/v1/lookups", {"identity_code": [CLIENT]})
        await sari.call("GET", f"/api/v1/claims/{CLIENT}")
    log = running.log.read_bytes()
    assert log
    assert not contains_identity_code(log)
    assert b"Virtanen" not in log


async def test_the_style_sheet_and_the_start_page_are_served(running: Running) -> None:
    async with httpx.AsyncClient(base_url=running.url) as http:
        for path in ("/", "/static/kelmu.css", "/help"):
            assert (await http.get(path)).status_code == 200


async def _status_of_a_look_up(client: GatewayClient) -> int:
    return (await client.look_up(CLIENT, purpose="VERIFY")).status
