"""How old audit is, by its newest signed word."""

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, cast

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.bus.topic import Topic
from shared.bus.topics import AUDIT_FRESHNESS
from shared.clock.system import system_now
from shared.contracts.audit import FreshnessStated
from shared.directory import freshness as freshness_module
from shared.directory.freshness import AuditFreshness
from shared.freshness import Freshness, sign
from shared.gate.facts import Limits, within
from tests.harness.consuming import create_topics, private
from tests.harness.kit import KEY, FakeKit, FakeSettings, send, true

if TYPE_CHECKING:
    from shared.kit import Kit


@pytest.fixture
async def audit(kafka: str, monkeypatch: pytest.MonkeyPatch) -> Topic:
    topic = private(AUDIT_FRESHNESS, partitions=1)
    monkeypatch.setattr(freshness_module, "AUDIT_FRESHNESS", topic)
    await create_topics(kafka, [topic])
    return topic


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
