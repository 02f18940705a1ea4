"""The heartbeat stops whenever what readers know may be old."""

from datetime import UTC, datetime

import pytest
import structlog

from services.agreements.heartbeat import Heart
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.contracts.agreements import Heartbeat

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class FakePublisher:
    def __init__(self) -> None:
        self.down = False
        self.sent: list[Outgoing] = []

    async def publish(self, message: Outgoing) -> None:
        if self.down:
            raise NotAcknowledged("Kafka is down")
        self.sent.append(message)


class Outbox:
    def __init__(self, *oldest: int | OSError | None) -> None:
        self._oldest = iter(oldest)

    async def __call__(self) -> int | None:
        found = next(self._oldest)
        if isinstance(found, OSError):
            raise found
        return found


def heart(publisher: FakePublisher, outbox: Outbox) -> Heart:
    return Heart(publisher, outbox, structlog.get_logger(), now=lambda: NOW)


async def test_a_heartbeat_states_the_system_time() -> None:
    publisher = FakePublisher()
    beating = heart(publisher, Outbox(None))
    assert beating.trouble() is not None
    await beating.beat()
    assert Heartbeat.model_validate_json(publisher.sent[0].body).at == NOW
    assert beating.trouble() is None


async def test_kafka_being_down_is_told_and_survived() -> None:
    publisher = FakePublisher()
    beating = heart(publisher, Outbox(None, None))
    publisher.down = True
    await beating.beat()
    assert beating.trouble() == "Kafka is down"
    publisher.down = False
    await beating.beat()
    assert (beating.trouble(), len(publisher.sent)) == (None, 1)


async def test_no_heartbeat_while_a_change_is_stuck_in_the_outbox() -> None:
    publisher = FakePublisher()
    beating = heart(publisher, Outbox(7, 7, 9))
    await beating.beat()
    await beating.beat()
    assert beating.trouble() == "accepted changes are not being published"
    await beating.beat()
    assert len(publisher.sent) == 2


async def test_no_heartbeat_while_the_database_does_not_answer() -> None:
    publisher = FakePublisher()
    beating = heart(publisher, Outbox(ConnectionRefusedError()))
    await beating.beat()
    assert publisher.sent == []
    assert beating.trouble() == "the database does not answer: ConnectionRefusedError"


async def test_a_fault_of_the_release_is_not_taken_for_an_outage() -> None:
    async def broken() -> int | None:
        raise KeyError("column")

    with pytest.raises(KeyError):
        await Heart(FakePublisher(), broken, structlog.get_logger(), now=lambda: NOW).beat()
