"""What a service knows of agreements, read from their topic alone and from its beginning."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.demo.agreements.crowd import country
from deploy.demo.agreements.interface import INTERFACE_CLIENT
from shared.bus import reader as reader_module
from shared.bus.messages import Delivered, Outgoing
from shared.bus.reader import TopicReader
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat, MandateChanged, OrganisationChanged
from shared.contracts.base import Contract, Role, Validity
from shared.directory import replica as replica_module
from shared.directory.replica import Replica
from shared.gate.facts import Limits, within
from shared.ids import event_id
from tests.harness.consuming import create_topics, private, send_unreadable_header_name
from tests.harness.kit import LOG, FakeKit, FakeSettings, send, true
from tests.integration.lookup.desk import AGREEMENT

if TYPE_CHECKING:
    from shared.kit import Kit


USERS, MUNICIPALITIES = 10_000, 311


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


async def test_a_replica_is_ready_only_at_the_end_it_saw_and_then_follows(kafka: str, agreements: Topic) -> None:
    await send(kafka, agreements, [organisation(), organisation(2, "Uusi Kuopio"), Heartbeat(at=system_now())])
    kit = FakeKit(FakeSettings(kafka))
    replica = Replica(cast("Kit", kit))
    assert kit.checks["replica of agreements"]() is not None
    assert replica.age(system_now()) is None

    async with kit.running():
        await true(lambda: replica.ready)
        assert kit.checks["replica of agreements"]() is None
        known = replica.directory.organisation("0171450-7")
        assert known is not None
        assert known.name_fi == "Uusi Kuopio"
        assert within(replica.age(system_now()), timedelta(seconds=60))

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
