"""A lookup on real Kafka and PostgreSQL whose surroundings tests can bend: clocks, freshness, directory, publisher."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar, cast

import pytest
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from sqlalchemy import text

from services.lookup import telling
from services.lookup.answering import Answering
from services.lookup.app import desks_of
from services.lookup.asking import Asking
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.store import decided
from services.lookup.telling import Teller
from services.lookup.undelivered import Undelivered
from shared.bus.messages import Delivered, Outgoing, Record, decode
from shared.bus.publisher import Publisher
from shared.bus.subscribing import make_broker
from shared.bus.topics import ACCESS_ALERTS, ACCESS_EVENTS
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, OverrideUsed
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRegistered
from shared.directory.model import Directory
from shared.gate.facts import Limits
from tests.harness.consuming import Rig, private, rig
from tests.integration.lookup.samples import (
    PSEUDONYM_KEY,
    RING,
    application,
    claim,
    decision,
    payment,
    person,
    record,
)
from tests.integration.lookup.surroundings import (
    AGREEMENT,
    MANDATE,
    MERGED_MANDATE,
    NOW,
    ORGANISED,
    SURROUNDINGS,
    WORKER,
    WORKER_CODE,
    FakeAge,
    FakeClock,
    Replies,
    asked,
)

__all__ = [
    "AGREEMENT",
    "MANDATE",
    "MERGED_MANDATE",
    "NOW",
    "ORGANISED",
    "WORKER",
    "WORKER_CODE",
    "Desk",
    "asked",
    "desk",
    "opened",
]

LOG = structlog.get_logger("test")
TABLES = (
    "person",
    "application",
    "decision",
    "payment",
    "insurance",
    "recovery",
    "medicine",
    "notice_record",
    "link",
    "claim",
    "decided",
    "notice",
    "notice_change",
    "command_done",
)
M = TypeVar("M", bound=Contract)


@dataclass
class Tapped:
    """The real publisher with a hook before and after each acknowledgement."""

    inner: Publisher
    before: Callable[[Outgoing], Awaitable[None]] | None = None
    after: Callable[[Outgoing], Awaitable[None]] | None = None

    async def publish(self, message: Outgoing) -> None:
        if self.before is not None:
            await self.before(message)
        await self.inner.publish(message)
        if self.after is not None:
            await self.after(message)


@dataclass
class Desk:
    """One lookup and what surrounds it."""

    rig: Rig
    publisher: Tapped
    replies: Replies
    clock: FakeClock
    audit: FakeAge
    agreements: FakeAge
    asking: Asking
    look_ups: Answering
    reader: AIOKafkaConsumer
    partitions: Sequence[TopicPartition]
    past: dict[TopicPartition, int] = field(default_factory=dict)

    async def fill(self, *records: Outgoing, at_once: int = 1) -> None:
        """Give records to the read model, past Kafka; `at_once` of them in one batch, all of one topic then."""
        async with self.rig.engine.begin() as conn:
            for start in range(0, len(records), at_once):
                batch = [decode(_record_of(message)) for message in records[start : start + at_once]]
                of_claims = isinstance(batch[0].body, ClaimRegistered)
                handle = claims_handler(RING) if of_claims else register_handler(RING)
                await handle(Tx(conn), batch)

    async def empty(self) -> None:
        """Forget every record and request; rows are deleted, for truncating makes every file anew."""
        async with self.rig.engine.begin() as conn:
            await conn.execute(text("set local session_replication_role = replica"))
            for table in TABLES:
                await conn.execute(text(f"delete from {table}"))

    async def begin(self) -> None:
        """A new test: everything bent before is straight again, and what is on Kafka already is the past."""
        self.publisher.before = self.publisher.after = None
        self.replies.sent.clear()
        self.clock.at, self.audit.value, self.agreements.value = NOW, timedelta(seconds=1), timedelta(seconds=1)
        await self.empty()
        await self.fill(*known_client())
        self.past = await self.reader.end_offsets(self.partitions)

    def knowing(self, *records: Contract) -> Answering:
        """The same lookup, to which the agreements service has told these records and no others."""
        asking = replace(self.asking, directory=Directory(records))
        return replace(self.look_ups, desks=desks_of(asking, self.rig.engine, self.look_ups.teller))

    async def told(self) -> list[Delivered[Contract]]:
        """Everything that this test has put on Kafka, as a consumer of its own reads it right now."""
        ends = await self.reader.end_offsets(self.partitions)
        for partition, offset in self.past.items():
            self.reader.seek(partition, offset)
        found: list[Delivered[Contract]] = []
        while len(found) < sum(ends[partition] - offset for partition, offset in self.past.items()):
            for raws in (await self.reader.getmany(timeout_ms=200)).values():
                found.extend(_message(raw) for raw in raws)
        return found

    async def events(self) -> list[Delivered[AccessDecided]]:
        """The access events among it."""
        return _of(AccessDecided, await self.told())

    async def alerts(self) -> list[Delivered[OverrideUsed]]:
        """The alerts among it."""
        return _of(OverrideUsed, await self.told())

    async def only_event(self) -> Delivered[AccessDecided]:
        """The one access event there is."""
        events = await self.events()
        assert len(events) == 1
        return events[0]


def opened(event: Delivered[AccessDecided]) -> AccessPersonal:
    """The personal part of an event, as the log reads it."""
    plain = RING.open(event.body.personal, id=event.id, type=event.type)
    return AccessPersonal.model_validate_json(plain)


def known_client() -> tuple[Outgoing, ...]:
    """Records of a client of whom everything is known."""
    return (
        record("person", "H-1", person()),
        record("application", "A-1", application()),
        record("decision", "D-1", decision()),
        record("payment", "P-1", payment()),
        record("payment", "P-2", payment(date(2016, 11, 7))),
        record("payment", "P-3", payment(date(2013, 11, 7))),
        claim(1),
        claim(2, organisation="1234567-1"),
    )


@asynccontextmanager
async def desk(kafka: str, database: str, folder: Path) -> AsyncIterator[Desk]:
    """A lookup whose access events and alerts go to topics of its own."""
    topic, alerting = private(ACCESS_EVENTS), private(ACCESS_ALERTS)
    partitions = [TopicPartition(t.name, n) for t in (topic, alerting) for n in range(t.partitions)]
    async with rig(kafka, database, [topic, alerting], folder) as ready:
        broker = make_broker(ready.settings, LOG)
        await broker.connect()
        reader = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, fetch_max_wait_ms=50)
        await reader.start()
        reader.assign(partitions)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(telling, "ACCESS_EVENTS", topic)
                patch.setattr(telling, "ACCESS_ALERTS", alerting)
                patch.setattr(decided, "ACCESS_EVENTS", topic)
                yield _desk(ready, Tapped(Publisher(broker, 5_000)), reader, partitions)
        finally:
            await reader.stop()
            await broker.stop()


def _desk(ready: Rig, tapped: Tapped, reader: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> Desk:
    clock, audit, agreements, replies = FakeClock(), FakeAge(), FakeAge(), Replies()
    asking = Asking(
        pseudonym_key=PSEUDONYM_KEY,
        clock=clock,
        now=system_now,
        directory=Directory(SURROUNDINGS),
        agreements=lambda now: agreements.age(now),  # noqa: PLW0108 - a test may put another age in its place
        audit=lambda now: audit.age(now),  # noqa: PLW0108 - likewise
        limits=Limits(artificial_codes=True),
    )
    teller = Teller(engine=ready.engine, publisher=tapped, ring=RING)
    look_ups = Answering(
        desks=desks_of(asking, ready.engine, teller),
        teller=teller,
        undelivered=Undelivered(engine=ready.engine, publisher=tapped, key=PSEUDONYM_KEY, now=system_now),
        replier=replies,
        expired=lambda request: request.expired(system_now()),
        log=LOG,
    )
    return Desk(ready, tapped, replies, clock, audit, agreements, asking, look_ups, reader, partitions)


def _message(raw: ConsumerRecord) -> Delivered[Contract]:
    return decode(Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers), 0))


def _of(kind: type[M], messages: Sequence[Delivered[Contract]]) -> list[Delivered[M]]:
    return [cast("Delivered[M]", message) for message in messages if isinstance(message.body, kind)]


def _record_of(message: Outgoing) -> Record:
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return Record(message.topic, 0, 0, message.key, message.body, headers, 0)
