"""A lookup on real Kafka and PostgreSQL whose surroundings tests can bend: clocks, freshness, directory, publisher."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, cast
from uuid import UUID, uuid4

import pytest
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from sqlalchemy import text

from services.lookup import telling
from services.lookup.answering import Answering
from services.lookup.asking import Asking
from services.lookup.desks.people import People
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.store import decided
from services.lookup.telling import Teller
from shared.bus.messages import Delivered, Outgoing, Record, decode
from shared.bus.publisher import Publisher
from shared.bus.requests import Request
from shared.bus.subscribing import make_broker
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal
from shared.contracts.agreements import AgreementChanged, MandateChanged, Member, OrganisationChanged
from shared.contracts.answers import Answer
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.contracts.claims import ClaimRegistered
from shared.contracts.requests import Actor
from shared.database.migrate import upgrade
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.ids import pseudonym
from tests.harness.consuming import Rig, private, rig
from tests.integration.lookup.samples import (
    CLIENT_CODE,
    ORGANISATION,
    PSEUDONYM_KEY,
    RING,
    application,
    claim,
    decision,
    payment,
    person,
    record,
)

LOG = structlog.get_logger("test")
NOW: Final = datetime(2016, 12, 31, 21, 59, 59, tzinfo=UTC)
"""Business time: the last second of 2016 in Helsinki."""
WORKER_CODE: Final = "010180-9015"
WORKER: Final = pseudonym(PSEUDONYM_KEY, "worker", WORKER_CODE)
SINCE_2016: Final = Validity(first=date(2016, 1, 1))

ORGANISED: Final = OrganisationChanged(
    business_id=ORGANISATION, version=1, kind="municipality", municipality="297", name_fi="Kuopio", name_sv="Kuopio"
)
AGREEMENT: Final = AgreementChanged(
    id="A-297",
    version=1,
    party=ORGANISATION,
    validity=SINCE_2016,
    status="open",
    law="L 812/2000 21 §",
    purposes=(Purpose.CHARGE, Purpose.VERIFY),
    data_groups=tuple(DataGroup),
    channels=(Channel.UI,),
    window_months=24,
    covers_claims=True,
    security_statement=True,
    members=(
        Member(municipality="297", validity=SINCE_2016),
        Member(municipality="174", validity=Validity(first=date(2016, 1, 1), last=date(2016, 12, 31))),
    ),
)
MANDATE: Final = MandateChanged(
    id="M-1",
    version=1,
    worker=WORKER,
    organisation=ORGANISATION,
    member="297",
    roles=(Role.FEE_CLERK, Role.MAIN_USER),
    validity=SINCE_2016,
)
MERGED_MANDATE: Final = MANDATE.model_copy(update={"id": "M-2", "member": "174"})


@dataclass
class FakeClock:
    """A business clock that stands where it is put."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class FakeAge:
    """An age that is what it is said to be."""

    value: timedelta | None = timedelta(seconds=1)

    def age(self, now: datetime) -> timedelta | None:
        assert now.tzinfo is not None
        return self.value


@dataclass
class Replies:
    """Answers that were sent apart from the handler's return."""

    sent: list[Answer] = field(default_factory=list)

    async def reply(self, request: Request, answer: Answer) -> None:
        assert request.id
        self.sent.append(answer)


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
    look_ups: Answering
    reader: AIOKafkaConsumer
    partitions: Sequence[TopicPartition]
    past: dict[TopicPartition, int] = field(default_factory=dict)

    async def fill(self, *records: Outgoing) -> None:
        """Give records to the read model, past Kafka."""
        async with self.rig.engine.begin() as conn:
            for message in records:
                delivered = decode(_record_of(message))
                of_claims = isinstance(delivered.body, ClaimRegistered)
                handle = claims_handler(RING) if of_claims else register_handler(RING)
                await handle(Tx(conn), [delivered])

    async def begin(self) -> None:
        """A new test: everything bent before is straight again, and what is on Kafka already is the past."""
        self.publisher.before = self.publisher.after = None
        self.replies.sent.clear()
        self.clock.at, self.audit.value, self.agreements.value = NOW, timedelta(seconds=1), timedelta(seconds=1)
        async with self.rig.engine.begin() as conn:
            await conn.execute(text("truncate person, application, decision, payment, claim, decided"))
        await self.fill(*known_client())
        self.past = await self.reader.end_offsets(self.partitions)

    async def events(self) -> list[Delivered[AccessDecided]]:
        """Every access event that this test has put on Kafka, as a consumer of its own reads them right now."""
        ends = await self.reader.end_offsets(self.partitions)
        for partition, offset in self.past.items():
            self.reader.seek(partition, offset)
        found: list[Delivered[AccessDecided]] = []
        while len(found) < sum(ends[partition] - offset for partition, offset in self.past.items()):
            for raws in (await self.reader.getmany(timeout_ms=200)).values():
                found.extend(_access_event(raw) for raw in raws)
        return found

    async def only_event(self) -> Delivered[AccessDecided]:
        """The one access event there is."""
        events = await self.events()
        assert len(events) == 1
        return events[0]


def opened(event: Delivered[AccessDecided]) -> AccessPersonal:
    """The personal part of an event, as the log reads it."""
    plain = RING.open(event.body.personal, id=event.id, type=event.type)
    return AccessPersonal.model_validate_json(plain)


def asked(
    *,
    code: str = CLIENT_CODE,
    purpose: Purpose | None = Purpose.CHARGE,
    informed: bool = True,
    worker: str | None = WORKER_CODE,
    member: str | None = "297",
    organisation: str = ORGANISATION,
    channel: Channel = Channel.UI,
    roles: Sequence[Role] = (Role.FEE_CLERK,),
    signed_in_for: timedelta = timedelta(minutes=5),
    deadline: timedelta = timedelta(seconds=10),
    verified: bool = True,
    request: UUID | None = None,
) -> Request:
    """A request as the query loop hands it over."""
    id_, now = request or uuid4(), system_now()
    actor = Actor(
        request=id_,
        expires=now + timedelta(minutes=1),
        identity_code=worker,
        name="Testi Työntekijä",
        signed_in=now - signed_in_for,
        organisation=organisation,
        member=member,
        roles=tuple(roles),
        channel=channel,
    )
    return Request(
        id=id_,
        accepted=NOW,
        deadline=now + deadline,
        actor=actor if verified else None,
        language="fi",
        body=PersonQuery(identity_code=code, purpose=purpose, informed=informed),
        reply_key=b"r" * 32,
    )


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
    """A lookup whose access events go to a topic of its own."""
    topic = private(ACCESS_EVENTS)
    partitions = [TopicPartition(topic.name, n) for n in range(topic.partitions)]
    async with rig(kafka, database, [topic], folder) as ready:
        await upgrade("lookup", ready.engine.url)
        broker = make_broker(ready.settings, LOG)
        await broker.connect()
        reader = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
        await reader.start()
        reader.assign(partitions)
        tapped, replies = Tapped(Publisher(broker, 5_000)), Replies()
        clock, audit, agreements = FakeClock(), FakeAge(), FakeAge()
        asking = Asking(
            pseudonym_key=PSEUDONYM_KEY,
            clock=clock,
            now=system_now,
            directory=Directory([ORGANISED, AGREEMENT, MANDATE, MERGED_MANDATE]),
            agreements=agreements,
            audit=audit,
            limits=Limits(artificial_codes=True),
        )
        look_ups = Answering(
            desks={PersonQuery: People(asking=asking, engine=ready.engine)},
            teller=Teller(engine=ready.engine, publisher=tapped, ring=RING),
            replier=replies,
            expired=lambda request: request.expired(system_now()),
            log=LOG,
        )
        desk = Desk(ready, tapped, replies, clock, audit, agreements, look_ups, reader, partitions)
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(telling, "ACCESS_EVENTS", topic)
                patch.setattr(decided, "ACCESS_EVENTS", topic)
                yield desk
        finally:
            await reader.stop()
            await broker.stop()


def _access_event(raw: ConsumerRecord) -> Delivered[AccessDecided]:
    message = decode(Record(raw.topic, raw.partition, raw.offset, raw.key, raw.value, tuple(raw.headers), 0))
    assert isinstance(message.body, AccessDecided)
    return cast("Delivered[AccessDecided]", message)


def _record_of(message: Outgoing) -> Record:
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    return Record(message.topic, 0, 0, message.key, message.body, headers, 0)
