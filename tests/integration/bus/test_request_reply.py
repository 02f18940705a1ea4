"""Request and reply between a gateway and a service on real Kafka."""

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus import client as client_module
from shared.bus.client import BusClient, NoAnswer, Question, Unavailable
from shared.bus.publisher import NotAcknowledged, Publisher
from shared.bus.requests import QueryLoop, Replier, Request
from shared.bus.sealing import KeyRing
from shared.bus.subscribing import make_broker, subscribe_singles
from shared.bus.topic import Topic
from shared.bus.topics import GATEWAY_REPLIES, LOOKUP_REQUESTS
from shared.clock.system import system_now
from shared.contracts.answers import Answer, Failed
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, Purpose
from shared.contracts.requests import Actor
from tests.harness.consuming import Rig, create_topics, private, rig, until

LOG = structlog.get_logger("test")
KEY = Ed25519PrivateKey.generate()
RING = KeyRing({"requests-lookup": {"1": os.urandom(32)}})


def question(topic: Topic, id_: UUID | None = None) -> Question:
    id_ = id_ or uuid4()
    actor = Actor(
        request=id_,
        expires=system_now() + timedelta(seconds=30),
        identity_code="010180-9015",
        name="Maija",
        signed_in=system_now(),
        organisation="0246246-0",
        member="837",
        roles=(),
        channel=Channel.UI,
    )
    body = PersonQuery(identity_code="290200A950Y", purpose=Purpose.VERIFY, informed=True)
    return Question(topic, id_, str(id_), actor, body, datetime(2016, 12, 31, tzinfo=UTC))


async def echo(request: Request) -> Answer:
    assert isinstance(request.body, PersonQuery)
    known = request.actor is not None
    return Failed(code=request.body.identity_code, reason=str(known), retry=False)


@asynccontextmanager
async def pair(
    kafka: str,
    database: str,
    tmp_path: Path,
    answerer: Callable[[Request], Awaitable[Answer]],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[BusClient, Topic, Rig]]:
    topic, replies = private(LOOKUP_REQUESTS), private(GATEWAY_REPLIES)
    for module in (client_module, __import__("shared.bus.requests", fromlist=["x"])):
        monkeypatch.setattr(module, "GATEWAY_REPLIES", replies)
    await create_topics(kafka, [replies])
    async with rig(kafka, database, [topic], tmp_path) as ready:
        broker = make_broker(ready.settings, LOG)
        publisher = Publisher(broker, 5000)
        loop = QueryLoop("q", ready.engine, answerer, Replier(publisher, "t", LOG), RING, KEY.public_key(), LOG)
        subscription = subscribe_singles(broker, topic, f"g-{topic.name}", loop.on_record, loop)
        loop.bind(subscription.client)
        await broker.connect()
        await subscription.start()
        client = BusClient(kafka, publisher, RING, KEY, LOG)
        tasks = [asyncio.create_task(client.read_for_ever()), asyncio.create_task(loop.commit_for_ever())]
        async with asyncio.timeout(20):
            await client.listening.wait()
        try:
            yield client, topic, ready
        finally:
            await loop.close()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await broker.stop()


async def test_each_asker_gets_its_own_answer(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pair(kafka, database, tmp_path, echo, monkeypatch) as (client, topic, _):
        answers = await asyncio.gather(*(client.ask(question(topic), 20) for _ in range(100)))
    assert {(a.kind, getattr(a, "reason", "")) for a in answers} == {("failed", "True")}


async def test_the_topics_hold_no_identity_code_in_clear(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pair(kafka, database, tmp_path, echo, monkeypatch) as (client, topic, ready):
        asked = question(topic)
        await client.ask(asked, 20)
        message = client.message(asked, os.urandom(32), 5)
        assert b"290200A950Y" not in message.body
        assert ready.kafka == kafka


async def test_an_actor_that_the_gateway_did_not_sign_is_nobody(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pair(kafka, database, tmp_path, echo, monkeypatch) as (client, topic, _):
        monkeypatch.setattr(client, "_actor_key", Ed25519PrivateKey.generate())
        answer = await client.ask(question(topic), 20)
    assert isinstance(answer, Failed)
    assert answer.reason == "False"


async def test_a_malformed_request_is_quarantined_and_the_next_is_answered(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with pair(kafka, database, tmp_path, echo, monkeypatch) as (client, topic, ready):
        asked = question(topic)
        good = client.message(asked, os.urandom(32), 5)
        headers = [(k, v.encode()) for k, v in good.headers().items()]
        await ready.send_raw(b"garbage", headers)
        await ready.send_raw(good.body, [*headers[1:], ("ce_id", str(uuid4()).encode())])
        await ready.send_raw(good.body, [("ce_id", None)])
        await ready.send_raw(good.body, [("ce_type", b"\xff")])
        await ready.send_raw(
            good.body.replace(b'"sealed":"requests-lookup.1.', b'"sealed":"requests-lookup.1.A'), headers
        )
        await client.ask(question(topic), 20)

        async def quarantined() -> object:
            return await ready.scalar("select count(*) from quarantine")

        await until(quarantined, lambda n: n == 5)


async def test_a_query_that_could_not_be_logged_is_tried_again_until_it_is(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def stubborn(request: Request) -> Answer:
        nonlocal tries
        tries += 1
        if tries < 4:
            raise NotAcknowledged("kafka is down")
        return await echo(request)

    async with pair(kafka, database, tmp_path, stubborn, monkeypatch) as (client, topic, _):
        assert isinstance(await client.ask(question(topic), 20), Failed)
    assert tries == 4


async def test_no_answer_in_time_is_told_apart_from_kafka_being_down(
    kafka: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_in_vain = asyncio.Event()

    async def silent(_request: Request) -> Answer:
        await asked_in_vain.wait()
        return Failed(code="late", reason="late", retry=False)

    async with pair(kafka, database, tmp_path, silent, monkeypatch) as (client, topic, _):
        with pytest.raises(NoAnswer):
            await client.ask(question(topic), 0.2)
        asked_in_vain.set()

        async def down(_publisher: Publisher, _message: object) -> None:
            raise NotAcknowledged("down")

        monkeypatch.setattr(Publisher, "publish", down)
        with pytest.raises(Unavailable):
            await client.ask(question(topic), 0.2)


async def test_past_its_deadline_a_query_is_expired_and_a_command_is_not() -> None:
    request = Request(
        id=uuid4(),
        accepted=system_now(),
        deadline=system_now() - timedelta(seconds=1),
        actor=None,
        language="fi",
        body=PersonQuery(identity_code="x", purpose=None, informed=False),
        reply_key=base64.b64decode("AAAA"),
        taken=system_now(),
    )
    assert request.expired(system_now())
    assert not replace(request, deadline=None).expired(system_now())
