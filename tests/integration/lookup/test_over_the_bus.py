"""A gateway asks over Kafka and lookup answers: the whole way of one look-up, and of what cannot be read."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus import client as client_module
from shared.bus import requests as requests_module
from shared.bus.client import BusClient, Question
from shared.bus.requests import QueryLoop, Replier
from shared.bus.subscribing import make_broker, subscribe_singles
from shared.bus.topic import Topic
from shared.bus.topics import GATEWAY_REPLIES, LOOKUP_REQUESTS
from shared.contracts.access import Outcome
from shared.contracts.answers import NothingFound, PersonView, Refused
from shared.contracts.asking import PersonQuery, StatedRelation
from tests.harness.consuming import create_topics, private, until
from tests.integration.lookup.desk import NOW, Desk, asked, desk
from tests.integration.lookup.samples import RING

LOG = structlog.get_logger("test")
ACTOR_KEY = Ed25519PrivateKey.generate()


@dataclass
class Line:
    """A gateway at one end, lookup at the other."""

    desk: Desk
    client: BusClient
    topic: Topic

    def question(self, **changes: object) -> Question:
        id_ = uuid4()
        request = asked(request=id_, **changes)  # type: ignore[arg-type]  # the names are `asked`'s own
        assert request.actor is not None
        return Question(self.topic, id_, str(id_), request.actor, request.body, NOW)

    async def send_raw(self, value: bytes | None, headers: list[tuple[str, bytes | None]]) -> None:
        await self.desk.rig.send_raw(value, headers, topic=self.topic)

    async def quarantined(self) -> int:
        return int(str(await self.desk.rig.scalar("select count(*) from quarantine where replayed_at is null")))


@asynccontextmanager
async def line_to(desk: Desk) -> AsyncIterator[Line]:
    topic, replies = private(LOOKUP_REQUESTS), private(GATEWAY_REPLIES)
    await create_topics(desk.rig.kafka, [topic, replies])
    broker = make_broker(desk.rig.settings, LOG)
    await broker.connect()
    with pytest.MonkeyPatch.context() as patch:
        for module in (client_module, requests_module):
            patch.setattr(module, "GATEWAY_REPLIES", replies)
        loop = QueryLoop(
            "lookup-requests",
            desk.rig.engine,
            desk.look_ups.answer,
            Replier(desk.publisher.inner, "lookup", LOG),
            RING,
            ACTOR_KEY.public_key(),
            LOG,
        )
        subscription = subscribe_singles(broker, topic, f"g-{topic.name}", loop.on_record, loop)
        loop.bind(subscription.client)
        await subscription.start()
        client = BusClient(desk.rig.kafka, desk.publisher.inner, RING, ACTOR_KEY, LOG)
        tasks = [asyncio.create_task(client.read_for_ever()), asyncio.create_task(loop.commit_for_ever())]
        async with asyncio.timeout(20):
            await client.listening.wait()
        try:
            yield Line(desk, client, topic)
        finally:
            await loop.close()
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
            await broker.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_line(
    kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Line]:
    async with desk(kafka, module_database, tmp_path_factory.mktemp("secrets")) as ready, line_to(ready) as line:
        yield line


@pytest_asyncio.fixture(loop_scope="session")
async def line(module_line: Line) -> Line:
    await module_line.desk.begin()
    return module_line


async def test_a_look_up_is_answered_over_the_bus_and_its_event_is_on_kafka(line: Line) -> None:
    question = line.question()

    answer = await line.client.ask(question, 10)

    assert isinstance(answer, PersonView)
    event = await line.desk.only_event()
    assert (event.body.request, event.body.outcome) == (question.id, Outcome.GRANTED)


async def test_a_refusal_and_an_empty_look_up_come_back_as_such(line: Line) -> None:
    absent = line.question(code="010180Y9026", relation=StatedRelation(case_reference="ABC-1/2016"))
    refused, empty = await asyncio.gather(
        line.client.ask(line.question(informed=False), 10),
        line.client.ask(absent, 10),
    )

    assert isinstance(refused, Refused)
    assert isinstance(empty, NothingFound)
    assert {event.body.outcome for event in await line.desk.events()} == {Outcome.REFUSED, Outcome.EMPTY}


async def test_invariant_3_what_cannot_be_read_is_quarantined_and_no_look_up_is_lost(line: Line) -> None:
    before = await line.quarantined()
    good = line.client.message(line.question(), os.urandom(32), 5)
    headers: list[tuple[str, bytes | None]] = [(name, text.encode()) for name, text in good.headers().items()]

    await line.send_raw(b"\xff\x00 malformed", headers)
    await line.send_raw(b"{}", headers)
    await line.send_raw(b"x" * 950_000, headers)
    await line.send_raw(None, headers)
    await line.send_raw(good.body, [])
    await line.send_raw(good.body, [(name, None if name == "ce_id" else value) for name, value in headers])
    await line.send_raw(good.body, [(name, b"\xff\xfe" if name == "ce_type" else value) for name, value in headers])
    answers = await asyncio.gather(*(line.client.ask(line.question(), 10) for _ in range(20)))

    assert all(isinstance(answer, PersonView) for answer in answers)
    await until(line.quarantined, lambda count: count == before + 7)
    assert len(await line.desk.events()) == 20


async def test_invariant_2_a_request_delivered_twice_is_one_event_and_one_showing(line: Line) -> None:
    question = line.question()
    message = line.client.message(question, os.urandom(32), 5)
    headers: list[tuple[str, bytes | None]] = [(name, text.encode()) for name, text in message.headers().items()]

    await line.send_raw(message.body, headers)
    await line.send_raw(message.body, headers)

    async def events() -> list[UUID]:
        return [event.id for event in await line.desk.events()]

    ids = await until(events, lambda found: len(found) == 2)
    assert len(set(ids)) == 1
    assert len({event.digest for event in await line.desk.events()}) == 1
    assert await line.desk.rig.scalar("select count(*) from decided") == 1


async def test_a_worker_whose_actor_was_signed_by_somebody_else_is_refused(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line.client, "_actor_key", Ed25519PrivateKey.generate())

    answer = await line.client.ask(line.question(), 10)

    assert isinstance(answer, Refused)
    assert answer.refusal.rule == "actor_verified"
    assert isinstance(line.question().body, PersonQuery)
