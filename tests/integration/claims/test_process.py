"""The service as a process of its own: wired, killed between commit and reply, and looked at by operators."""

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest_asyncio
import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.local.secret_files import ensure_secrets, grant_secrets
from services.claims.app import REGISTER
from services.claims.domain.number import number_of
from services.claims.events import claim_id
from shared.bus.client import BusClient, NoAnswer, Question
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.publisher import Publisher
from shared.bus.sealing import KeyRing
from shared.bus.subscribing import make_broker
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_FRESHNESS, CLAIMS_EVENTS, CLAIMS_REQUESTS, COUNTS_ASKED
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat
from shared.contracts.answers import Answer, ClaimReceipt
from shared.contracts.asking import Body, ClaimStatusQuery
from shared.contracts.base import Channel, Contract, Role
from shared.contracts.requests import Actor
from shared.finnish.identity_code import contains_identity_code
from shared.finnish.municipalities import existing_on
from shared.freshness import Freshness, sign
from shared.secrets import TABLE, Secrets
from tests.harness.consuming import settings_for, until
from tests.integration.claims.claimants import WORKER, Claimant
from tests.integration.claims.desk import ARRIVAL, claim

ROOT = Path(__file__).parents[3]
SERVE = ("-m", "services.claims.app")
DYING = """
import os
from shared.bus.requests import Replier
from services.claims.app import SERVICE, GateSettings, compose, serve
async def die(*_):
    os._exit(137)
Replier.reply = die
serve(SERVICE, compose, GateSettings)
"""
DIES_BEFORE_REPLYING = ("-c", DYING)
COMMANDS = """
import sys
from services.claims.commands import app
for line in sys.argv[1:]:
    app(line.split(), standalone_mode=False)
"""
MEMBERS = (municipality.code for municipality in existing_on(date(2016, 12, 22)))
"""Each test has a municipality of its own: on one broker only one body can bear it."""
BEAT_SECONDS = 0.5
BY = "--operator Ossi --reason selvitys"
PATIENCE = 60.0
"""Seconds: several processes start here, maybe on a busy machine."""


@dataclass
class World:
    """Kafka and PostgreSQL with what claims needs of its neighbours, and a gateway's way to ask."""

    kafka: str
    database: str
    granted: Path
    client: BusClient
    claimant: Claimant

    def _environment(self) -> dict[str, str]:
        own = {key: value for key, value in os.environ.items() if not key.startswith("KELMU_")}
        return own | {
            "KELMU_KAFKA": self.kafka,
            "KELMU_DATABASE": self.database,
            "KELMU_SECRETS": str(self.granted),
            "KELMU_ARTIFICIAL_CODES": "true",
            "KELMU_INSTANCE": "claims-test",
        }

    async def process(self, *arguments: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, *arguments, cwd=ROOT, env=self._environment(), stdout=PIPE, stderr=PIPE
        )

    @asynccontextmanager
    async def running(self, *arguments: str) -> AsyncIterator[Process]:
        process = await self.process(*arguments)
        reading = asyncio.create_task(process.communicate())
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            out, err = await reading
            assert not contains_identity_code(out + err)

    async def commands(self, *lines: str) -> str:
        """Run command lines one after the other, in one process; what they printed."""
        process = await self.process("-c", COMMANDS, *lines)
        out, err = await process.communicate()
        assert process.returncode == 0, err
        return out.decode()

    async def ask(self, body: Body, seconds: float = PATIENCE) -> Answer:
        id_, now = uuid4(), system_now()
        actor = Actor(
            request=id_,
            expires=now + timedelta(seconds=60),
            identity_code=WORKER,
            name="Maija Worker",
            signed_in=now,
            organisation=self.claimant.organisation,
            member=self.claimant.member,
            roles=(Role.ASSISTANCE_HANDLER,),
            channel=Channel.UI,
        )
        command = not isinstance(body, ClaimStatusQuery)
        return await self.client.ask(
            Question(CLAIMS_REQUESTS, id_, "k", actor, body, ARRIVAL, command=command), seconds
        )

    async def fetch(self, sql: str) -> Sequence[asyncpg.Record]:
        connection = await asyncpg.connect(self.database)
        try:
            rows: Sequence[asyncpg.Record] = await connection.fetch(sql)
        finally:
            await connection.close()
        return rows


async def ends(kafka: str, topic: Topic) -> dict[TopicPartition, int]:
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    try:
        found: dict[TopicPartition, int] = await consumer.end_offsets(
            [TopicPartition(topic.name, n) for n in range(topic.partitions)]
        )
    finally:
        await consumer.stop()
    return found


async def told_since(kafka: str, topic: Topic, since: dict[TopicPartition, int]) -> set[tuple[object, bytes]]:
    """Ids and bodies of what was published; what was published twice alike is one."""
    until_, told = await ends(kafka, topic), set()
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka)
    await consumer.start()
    try:
        for partition, end in until_.items():
            if since[partition] == end:
                continue
            consumer.assign([partition])
            consumer.seek(partition, since[partition])
            while await consumer.position(partition) < end:
                record = await consumer.getone()
                told.add((dict(record.headers)["ce_id"], record.value))
    finally:
        await consumer.stop()
    return told


async def begin_at_the_end(kafka: str, database: str) -> None:
    """Requests and records of other tests on the same broker are nobody's business here."""
    read = [
        ("claims", CLAIMS_REQUESTS),
        ("claims-counts", COUNTS_ASKED),
        *(("claims-register", topic) for topic in REGISTER),
    ]
    connection = await asyncpg.connect(database)
    try:
        for consumer, topic in read:
            for partition, end in (await ends(kafka, topic)).items():
                await connection.execute(
                    "insert into consumer_offset values ($1, $2, $3, $4)",
                    consumer, partition.topic, partition.partition, end,
                )  # fmt: skip
    finally:
        await connection.close()


def telling(topic: Topic, body: Contract) -> Outgoing:
    return Outgoing.of(topic, "k", uuid4(), body, source="test", time=system_now())


async def neighbours(publisher: Publisher, log_key: Secrets, ended: asyncio.Event) -> None:
    """The heartbeat of agreements and the freshness of audit, beat by beat until the test has ended."""
    while not ended.is_set():
        now = system_now()
        fresh = Freshness(size=0, stated=now, partitions={"claims.events/0": now})
        await publisher.publish(telling(AGREEMENTS_EVENTS, Heartbeat(at=now)))
        await publisher.publish(telling(AUDIT_FRESHNESS, sign(fresh, log_key.ed25519_private("log"))))
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), BEAT_SECONDS)


@pytest_asyncio.fixture(loop_scope="session")
async def world(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[World]:
    """Everything but the claims process itself."""
    await provision(kafka)
    await begin_at_the_end(kafka, database)
    folder, granted = tmp_path / "secrets", tmp_path / "granted"
    ensure_secrets(folder, [(row.name, row.kind) for row in TABLE])
    grant_secrets(folder, granted, "claims", TABLE)
    known = Secrets(folder)
    claimant = Claimant(f"{secrets.randbelow(10**7):07}-0", next(MEMBERS), stated=1_000_000)
    broker = make_broker(settings_for(kafka, database, folder), structlog.get_logger("test"))
    await broker.connect()
    publisher = Publisher(broker, 5000)
    await publisher.publish_many(
        [telling(AGREEMENTS_EVENTS, event) for event in claimant.events(known.key("pseudonym"))]
    )
    client = BusClient(
        kafka, publisher, KeyRing(known.seal_keys()), known.ed25519_private("actor"), structlog.get_logger("test")
    )
    ended = asyncio.Event()
    reading, beating = (
        asyncio.create_task(client.read_for_ever()),
        asyncio.create_task(neighbours(publisher, known, ended)),
    )
    async with asyncio.timeout(20):
        await client.listening.wait()
    try:
        yield World(kafka, database, granted, client, claimant)
    finally:
        ended.set()
        reading.cancel()
        await asyncio.gather(reading, beating, return_exceptions=True)
        await broker.stop()


async def test_given_the_process_dies_between_commit_and_reply_then_the_status_answers_and_one_event_is_told(
    world: World,
) -> None:
    sent, before = claim(), await ends(world.kafka, CLAIMS_EVENTS)
    async with world.running(*DIES_BEFORE_REPLYING) as process:
        asked = asyncio.create_task(world.ask(sent))
        assert await process.wait() == 137
    assert [row["state"] for row in await world.fetch("select state from claim")] == ["waiting_for_decision"]
    async with world.running(*SERVE):
        answer = await world.ask(ClaimStatusQuery(idempotency_key=sent.idempotency_key))
        assert isinstance(answer, ClaimReceipt)
        assert answer.arrived == ARRIVAL
        assert await world.ask(sent) == answer

        async def unsent() -> int:
            return len(await world.fetch("select from outbox where sent_at is null"))

        await until(unsent, lambda count: count == 0, PATIENCE)
        told = await told_since(world.kafka, CLAIMS_EVENTS, before)
        # Registered, and waiting, each told once; on today's clock it is old, so timers may have told more by now.
        bodies = [json.loads(body) for _, body in told]
        versions = sorted(body["version"] for body in bodies if "of" not in body)
        assert versions == list(range(1, len(versions) + 1)), bodies
        assert len(versions) >= 2
    assert len(await world.fetch("select from claim")) == 1
    asked.cancel()
    with suppress(asyncio.CancelledError, NoAnswer):
        await asked


async def test_given_a_quarantined_request_when_its_cause_is_mended_then_operators_replay_it_and_see_the_claim(
    world: World,
) -> None:
    sent = claim()
    key = world.granted / "seal-requests-claims-1"
    right = key.read_text()
    key.write_text((world.granted / "seal-claims-1").read_text())
    async with world.running(*SERVE):
        with suppress(NoAnswer):
            await world.ask(sent, seconds=0.1)

        async def waiting() -> Sequence[asyncpg.Record]:
            return await world.fetch("select id, code from quarantine")

        (row,) = await until(waiting, lambda rows: len(rows) == 1, PATIENCE)
    assert row["code"] == "unsealable"
    key.write_text(right)
    number = number_of(claim_id(world.claimant.organisation, sent.idempotency_key), 2016)
    printed = await world.commands(
        "quarantine list",
        f"quarantine replay {row['id']}",
        "quarantine list",
        f"list --organisation {world.claimant.organisation} {BY}",
        f"show {number.lower()} {BY}",
    )
    told = ("unsealable", "took effect", "The quarantine is empty", number, "2017-01-05")
    assert [text for text in told if text not in printed] == []
    assert not contains_identity_code(printed)
    assert [found["number"] for found in await world.fetch("select number from claim")] == [number]
