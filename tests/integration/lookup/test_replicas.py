"""What lookup knows of others, read from their topics alone: agreements from the beginning, audit's newest word."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import pytest
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.bus.messages import Outgoing
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_FRESHNESS, Topic
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat, MandateChanged, OrganisationChanged
from shared.contracts.audit import FreshnessStated
from shared.contracts.base import Contract, Role, Validity
from shared.directory import freshness as freshness_module
from shared.directory import reader as reader_module
from shared.directory import replica as replica_module
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.freshness import Freshness, sign
from shared.ids import event_id
from tests.harness.consuming import create_topics, private, until

if TYPE_CHECKING:
    from shared.kit import Kit

LOG = structlog.get_logger("test")
KEY = Ed25519PrivateKey.generate()
USERS, MUNICIPALITIES = 10_000, 311


@dataclass
class FakeSecrets:
    def ed25519_public(self, name: str) -> Ed25519PublicKey:
        assert name == "log"
        return KEY.public_key()


@dataclass
class FakeSettings:
    kafka: str


@dataclass
class FakeKit:
    """As much of a service's process as a replica needs; its background work runs while the block lasts."""

    settings: FakeSettings
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    log: structlog.stdlib.BoundLogger = LOG
    works: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    checks: dict[str, Callable[[], str | None]] = field(default_factory=dict)

    def background(self, _name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.works.append(work)

    def ready(self, name: str, check: Callable[[], str | None]) -> None:
        self.checks[name] = check

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        tasks = [asyncio.ensure_future(work()) for work in self.works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def send(kafka: str, topic: Topic, bodies: Sequence[Contract]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=5)
    await producer.start()
    try:
        sent = []
        for number, body in enumerate(bodies):
            message = Outgoing(topic.name, b"k", event_id("test", str(number)), body.ce_type, "t", system_now(), b"")
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            sent.append(await producer.send(topic.name, body.model_dump_json().encode(), key=b"k", headers=headers))
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def true(probe: Callable[[], bool]) -> None:
    """Wait until it holds."""

    async def ask() -> bool:
        return probe()

    await until(ask, bool)


def organisation(version: int = 1, name: str = "Kuopio") -> OrganisationChanged:
    return OrganisationChanged(
        business_id="0171450-7",
        version=version,
        kind="municipality",
        municipality="297",
        name_fi=name,
        name_sv=name,
    )


def mandate(n: int) -> MandateChanged:
    letters = "abcdefghijklmnop"
    worker = "".join(letters[int(digit, 16)] for digit in f"{n:026x}")
    return MandateChanged(
        id=f"M-{n}",
        version=1,
        worker=f"v1.{worker}",
        organisation="0171450-7",
        member=f"{n % MUNICIPALITIES:03d}",
        roles=(Role.FEE_CLERK,),
        validity=Validity(first=date(2016, 1, 1)),
    )


@pytest.fixture
async def agreements(kafka: str, monkeypatch: pytest.MonkeyPatch) -> Topic:
    topic = private(AGREEMENTS_EVENTS, partitions=1)
    monkeypatch.setattr(replica_module, "AGREEMENTS_EVENTS", topic)
    await create_topics(kafka, [topic])
    return topic


@pytest.fixture
async def audit(kafka: str, monkeypatch: pytest.MonkeyPatch) -> Topic:
    topic = private(AUDIT_FRESHNESS, partitions=1)
    monkeypatch.setattr(freshness_module, "AUDIT_FRESHNESS", topic)
    await create_topics(kafka, [topic])
    return topic


async def test_a_replica_is_ready_only_at_the_end_it_saw_and_then_follows(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, [organisation(), organisation(2, "Uusi Kuopio"), Heartbeat(at=system_now())])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))
    assert kit.checks["replica of agreements"]() is not None
    assert replica.silent_for(system_now()) == math.inf

    async with kit.running():
        await true(lambda: replica.ready)
        assert kit.checks["replica of agreements"]() is None
        known = replica.directory.organisation("0171450-7")
        assert known is not None
        assert known.name_fi == "Uusi Kuopio"
        assert 0 <= replica.silent_for(system_now()) < 60

        await send(kafka, agreements, [organisation(3, "Kuopio kolme"), organisation(1, "vanha")])
        await true(lambda: (replica.directory.organisation("0171450-7") or organisation()).version == 3)


async def test_an_empty_topic_makes_a_ready_replica_that_has_never_heard_a_heartbeat(
    kafka: str, agreements: Topic
) -> None:
    assert agreements.partitions == 1
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)

    assert replica.age(system_now()) is None


async def test_a_replica_survives_unreadable_records_and_tells_how_many(kafka: str, agreements: Topic) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    for value, headers in ((b"garbage", []), (b"{}", [("ce_type", b"\xff")]), (None, [("ce_type", None)])):
        await producer.send_and_wait(agreements.name, value, key=b"k", headers=headers)
    await producer.stop()
    await send(kafka, agreements, [organisation()])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)

    assert replica.directory.organisation("0171450-7") is not None
    assert replica.passed_over == 3


async def test_a_replica_waits_for_kafka_and_comes_to_life_with_it(
    kafka: str, agreements: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(kafka, agreements, [organisation()])
    attempts: list[str] = []

    def down_twice(**options: object) -> AIOKafkaConsumer:
        attempts.append("down" if len(attempts) < 2 else "up")
        return AIOKafkaConsumer(**(options | {"bootstrap_servers": kafka if attempts[-1] == "up" else "127.0.0.1:1"}))

    monkeypatch.setattr(reader_module, "AIOKafkaConsumer", down_twice)
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)

    assert attempts == ["down", "down", "up"]
    assert replica.directory.organisation("0171450-7") is not None


async def test_ten_thousand_users_of_all_municipalities_are_read_in_five_seconds(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, [mandate(n) for n in range(USERS)])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))
    began = time.perf_counter()

    async with kit.running():
        await true(lambda: replica.ready)

    took = time.perf_counter() - began
    assert sum(1 for _ in replica.directory.all_mandates()) == USERS
    assert took <= 5


def stated(seconds_behind: float = 1.0, key: Ed25519PrivateKey = KEY) -> FreshnessStated:
    now = system_now()
    return sign(Freshness(1, now, {"access.events/0": now - timedelta(seconds=seconds_behind)}), key)


async def test_audit_is_as_old_as_its_newest_statement_says(kafka: str, audit: Topic) -> None:
    await send(kafka, audit, [stated(500), stated(1)])
    kit = FakeKit(FakeSettings(kafka))
    freshness = AuditFreshness(cast("Kit", kit))
    assert freshness.age(system_now()) is None

    async with kit.running():
        await true(lambda: freshness.age(system_now()) is not None)
        age = freshness.age(system_now())
        assert age is not None
        assert age < timedelta(seconds=60)

        await send(kafka, audit, [stated(90)])
        await true(lambda: (freshness.age(system_now()) or timedelta()) > timedelta(seconds=60))


async def test_forged_and_older_statements_change_nothing(kafka: str, audit: Topic) -> None:
    forged = stated(0, Ed25519PrivateKey.generate())
    older = stated(300)
    kit = FakeKit(FakeSettings(kafka))
    freshness = AuditFreshness(cast("Kit", kit))
    await send(kafka, audit, [forged])

    async with kit.running():
        await true(lambda: freshness.heard == 1)
        assert freshness.age(system_now()) is None

        await send(kafka, audit, [stated(2), older])
        await true(lambda: freshness.heard == 3)
        age = freshness.age(system_now())

    assert age is not None
    assert age < timedelta(seconds=60)
