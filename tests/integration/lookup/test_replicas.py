"""What lookup knows of others, read from their topics alone: agreements from the beginning, audit's newest word."""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING, cast

import orjson
import pytest
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from deploy.demo.agreements.crowd import country
from deploy.demo.agreements.interface import INTERFACE_CLIENT
from shared.bus import reader as reader_module
from shared.bus.messages import Delivered, Outgoing
from shared.bus.reader import TopicReader
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_FRESHNESS, Topic
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat, MandateChanged, OrganisationChanged
from shared.contracts.audit import FreshnessStated
from shared.contracts.base import Contract, Role, Validity
from shared.directory import freshness as freshness_module
from shared.directory import replica as replica_module
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.freshness import Freshness, sign
from shared.gate.facts import Limits, within
from shared.ids import event_id
from tests.harness.consuming import create_topics, private, send_unreadable_header_name, until
from tests.integration.lookup.desk import AGREEMENT

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
    firsts: list[asyncio.Event] = field(default_factory=list)

    def background(self, _name: str, work: Callable[[], Awaitable[None]]) -> None:
        self.works.append(work)

    def first(self, _name: str, done: asyncio.Event) -> None:
        self.firsts.append(done)

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


async def send(kafka: str, topic: Topic, bodies: Sequence[Contract], key: bytes = b"k") -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all", linger_ms=5)
    await producer.start()
    try:
        sent = []
        for number, body in enumerate(bodies):
            message = Outgoing(topic.name, b"k", event_id("test", str(number)), body.ce_type, "t", system_now(), b"")
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            sent.append(await producer.send(topic.name, body.model_dump_json().encode(), key=key, headers=headers))
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


async def send_unknown_status(kafka: str, topic: Topic, version: int) -> None:
    """The agreement in a version whose status this release does not know."""
    body = AGREEMENT.model_copy(update={"version": version}).model_dump(mode="json") | {"status": "frozen"}
    message = Outgoing(topic.name, b"", event_id("test", "unknown"), AGREEMENT.ce_type, "t", system_now(), b"")
    headers = [(name, value.encode()) for name, value in message.headers().items()]
    producer = AIOKafkaProducer(bootstrap_servers=kafka)
    await producer.start()
    await producer.send_and_wait(topic.name, orjson.dumps(body), key=AGREEMENT.id.encode(), headers=headers)
    await producer.stop()


async def test_an_agreement_whose_newest_version_cannot_be_read_is_unknown_until_one_can(
    kafka: str, agreements: Topic
) -> None:
    await send(kafka, agreements, [AGREEMENT], key=AGREEMENT.id.encode())
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.directory.agreement(AGREEMENT.id) is not None)

        await send_unknown_status(kafka, agreements, 2)
        await true(lambda: replica.passed_over == 1)
        assert replica.directory.agreement(AGREEMENT.id) is None

        ended = AGREEMENT.model_copy(update={"version": 3, "status": "terminated"})
        await send(kafka, agreements, [ended], key=AGREEMENT.id.encode())
        await true(lambda: replica.directory.agreement(AGREEMENT.id) == ended)


async def test_a_header_name_that_the_client_cannot_read_costs_only_its_own_record(
    kafka: str, agreements: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(kafka, agreements, [mandate(1), mandate(2)])
    await send_unreadable_header_name(kafka, agreements, monkeypatch)
    await send_unreadable_header_name(kafka, agreements, monkeypatch)
    await send(kafka, agreements, [mandate(3)])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)

        assert replica.passed_over == 2
        assert [known.id for known in replica.directory.all_mandates()] == ["M-1", "M-2", "M-3"]

        await send_unreadable_header_name(kafka, agreements, monkeypatch)
        await send(kafka, agreements, [mandate(4)])
        await true(lambda: replica.passed_over == 3)
        await true(lambda: len(list(replica.directory.all_mandates())) == 4)


async def test_a_taker_that_raises_does_not_end_the_reading(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, [mandate(1), mandate(2)])
    taken: list[str] = []
    told: list[int] = []

    def take(message: Delivered[Contract]) -> None:
        if isinstance(message.body, MandateChanged) and message.body.id == "M-1":
            raise OverflowError
        taken.append(message.type)

    reader = TopicReader(kafka, agreements, take, LOG, on_unreadable=lambda record: told.append(record.offset))
    kit = FakeKit(FakeSettings(kafka), works=[reader.run])

    async with kit.running():
        await true(lambda: reader.caught_up)

    assert (len(taken), told, reader.unreadable) == (1, [0], 1)


async def test_a_heartbeat_of_the_future_counts_only_until_the_next_one(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, [Heartbeat(at=system_now() + timedelta(days=1))])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)
        assert replica.silent_for(system_now()) == math.inf
        assert not within(replica.age(system_now()), Limits().agreements)

        await send(kafka, agreements, [Heartbeat(at=system_now())])
        await true(lambda: within(replica.age(system_now()), Limits().agreements))


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


async def test_ten_thousand_users_are_read_before_it_is_ready(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, list(country(USERS)))
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))

    async with kit.running():
        await true(lambda: replica.ready)

    directory = replica.directory
    assert sum(1 for _ in directory.all_mandates()) == USERS
    assert sum(1 for _ in directory.users()) == USERS
    kitee = directory.bearer("260", date(2017, 1, 1))
    assert kitee is not None
    assert [one.agent for one in directory.delegations("260", date(2017, 1, 1))] == [kitee.organisation]
    assert directory.interface_client(INTERFACE_CLIENT.id) is not None


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


async def test_a_statement_of_the_future_counts_only_until_the_next_one(kafka: str, audit: Topic) -> None:
    ahead = system_now() + timedelta(days=1)
    kit = FakeKit(FakeSettings(kafka))
    freshness = AuditFreshness(cast("Kit", kit))
    await send(kafka, audit, [stated(1), sign(Freshness(1, ahead, {"access.events/0": system_now()}), KEY)])

    async with kit.running():
        await true(lambda: freshness.heard >= 1)
        assert freshness.age(system_now()) is None

        await send(kafka, audit, [stated(1)])
        await true(lambda: within(freshness.age(system_now()), Limits().audit))


async def test_malformed_statements_change_nothing_and_end_nothing(kafka: str, audit: Topic) -> None:
    good = stated(1)
    kit = FakeKit(FakeSettings(kafka))
    freshness = AuditFreshness(cast("Kit", kit))
    await send(
        kafka,
        audit,
        [
            good.model_copy(update={"signature": "ä"}),
            good.model_copy(update={"stated": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2)))}),
        ],
    )

    async with kit.running():
        await true(lambda: freshness.heard >= 1)
        await send(kafka, audit, [good.model_copy(update={"signature": "ä"}), stated(1)])
        await true(lambda: freshness.heard >= 3)
        assert within(freshness.age(system_now()), Limits().audit)


async def test_forged_statements_change_nothing_and_the_newest_of_the_topic_stands(kafka: str, audit: Topic) -> None:
    forged = stated(0, Ed25519PrivateKey.generate())
    kit = FakeKit(FakeSettings(kafka))
    freshness = AuditFreshness(cast("Kit", kit))
    await send(kafka, audit, [forged])

    async with kit.running():
        await true(lambda: freshness.heard == 1)
        assert freshness.age(system_now()) is None

        await send(kafka, audit, [stated(300), stated(2), forged])
        await true(lambda: freshness.heard == 4)
        age = freshness.age(system_now())

    assert age is not None
    assert age < timedelta(seconds=60)
