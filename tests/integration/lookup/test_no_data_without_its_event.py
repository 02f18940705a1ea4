"""Invariants 1 and 6 over everything that lookup answers: whatever is asked, no data before its event is on Kafka.

The kinds of request are taken from the wiring (`app.desks_of`): a new desk is walked by itself, and fails here until
it has a sample. What each dependency may do wrong is a matrix; every cell ends without data and with a reason.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
import pytest_asyncio
from aiokafka.errors import KafkaConnectionError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from structlog.testing import capture_logs

from services.lookup.answering import Answering
from services.lookup.app import desks_of
from services.lookup.telling import event_of
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.contracts.answers import Answer, Failed, NothingFound, Refused
from shared.contracts.asking import (
    AnnotateLookUp,
    Body,
    ListQuery,
    NoticeCommand,
    NoticeQuery,
    NoticesQuery,
    NoticeStatisticsQuery,
    PersonQuery,
)
from shared.contracts.base import Contract, Purpose
from tests.integration.lookup.municipal import (
    SUMMER_2019,
    Office,
    client_code,
    command,
    inhabitant,
    listed,
    office,
    opening,
    support,
    told,
)

PHONE, TEXT, AMOUNT = "040 7171717", "Kanarialintu", "717.17"
CANARIES: Final = (client_code(1), "Ääkkönen001", PHONE, TEXT, AMOUNT)
"""Planted personal data: code, name, phone, words and an amount."""

SAMPLES: Final[Mapping[type[Contract], Callable[[UUID], Body]]] = {
    PersonQuery: lambda _: PersonQuery(identity_code=client_code(1), purpose=Purpose.CHARGE, informed=True),
    ListQuery: lambda _: ListQuery(list="tmt_invoice", purpose=Purpose.INVOICE_LIST, month="2019-06"),
    NoticesQuery: lambda _: listed(),
    NoticeQuery: lambda _: opening("N-1"),
    NoticeStatisticsQuery: lambda _: NoticeStatisticsQuery(first=date(2019, 1, 1), last=date(2019, 7, 15)),
    NoticeCommand: lambda _: command("take"),
    AnnotateLookUp: lambda seen: AnnotateLookUp(
        idempotency_key="remark-0001", access_event=seen, note="wrong_person", text="Väärä henkilö"
    ),
}
"""A request of each kind that is granted when everything is well; the argument is the event of an own look-up."""
SHOWING: Final = {PersonQuery, ListQuery, NoticeQuery}
"""Kinds whose answer holds personal data."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def one_office(
    kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with office(kafka, module_database, tmp_path_factory.mktemp("office")) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def at(one_office: Office) -> Office:
    await one_office.begin()
    return one_office


async def planted(at: Office) -> dict[type[Contract], Request]:
    """A world that holds the planted data, and a request of each kind that is wired."""
    payment = support("P-71", 1, date(2019, 6, 1), date(2019, 6, 28), gross=AMOUNT)
    await at.desk.fill(inhabitant(1), payment, told("N-1", phone=PHONE, text=TEXT))
    own = at.request(SAMPLES[PersonQuery](UUID(int=0)))
    await at.answering.answer(own)
    kinds = set(at.answering.desks)
    assert kinds <= set(SAMPLES), f"answered, and walked by no sample: {kinds - set(SAMPLES)}"
    return {kind: at.request(sample(event_of(own.id))) for kind, sample in SAMPLES.items() if kind in kinds}


async def logged(at: Office) -> set[UUID]:
    """The requests whose event is on Kafka, as another consumer reads it."""
    return {event.body.request for event in await at.desk.events()}


def canaries_in(content: Answer | bytes) -> list[str]:
    words = content if isinstance(content, bytes) else content.model_dump_json().encode()
    return [canary for canary in CANARIES if canary.encode() in words]


def assert_told_without_data(answers: list[Answer], case: str) -> None:
    """Every answer is a refusal or a failure with its reason, and holds nothing that was planted."""
    for answer in answers:
        assert isinstance(answer, Refused | Failed), case
        assert canaries_in(answer) == [], case
        assert answer.refusal.reason.fi if isinstance(answer, Refused) else answer.reason, case


async def test_every_kind_of_request_shows_its_data_only_when_the_event_is_on_kafka(at: Office) -> None:
    showing = set()
    for kind, request in (await planted(at)).items():
        asking: list[asyncio.Task[Answer]] = []
        on_kafka: list[bool] = []

        async def acknowledged(
            message: Outgoing,
            request: Request = request,
            asking: list[asyncio.Task[Answer]] = asking,
            on_kafka: list[bool] = on_kafka,
        ) -> None:
            assert canaries_in(message.body) == []
            on_kafka.append(request.id in await logged(at) and not asking[0].done())

        at.desk.publisher.after = acknowledged
        asking.append(asyncio.ensure_future(at.answering.answer(request)))
        answer = await asking[0]
        assert on_kafka, f"{kind.__name__} was answered without an event"
        assert all(on_kafka), f"{kind.__name__} had its answer before its event was on Kafka"
        assert not isinstance(answer, Refused | Failed | NothingFound), f"{kind.__name__}: {answer}"
        showing |= {kind} if canaries_in(answer) else set()
    assert showing >= SHOWING


async def test_an_acknowledgement_that_never_comes_shows_nothing_of_any_kind(at: Office) -> None:
    for kind, request in (await planted(at)).items():
        reached = asyncio.Event()

        async def never(message: Outgoing, reached: asyncio.Event = reached) -> None:
            assert canaries_in(message.body) == []
            reached.set()
            await asyncio.Event().wait()

        at.desk.publisher.before = never
        asking = asyncio.ensure_future(at.answering.answer(request))
        waiting = asyncio.ensure_future(reached.wait())
        await asyncio.wait({asking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        assert reached.is_set(), f"{kind.__name__} was answered without an event"
        assert not asking.done()
        assert at.desk.replies.sent == []
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


# -- the matrix: each dependency by error, timeout, garbage, stale ----------------------------------------------


def raises(error: Exception) -> Callable[..., object]:
    def fail(*_: object) -> object:
        raise error

    return fail


def gives(value: object) -> Callable[..., object]:
    return lambda *_: value


AGES: Final[Mapping[str, Callable[..., object]]] = {
    "error": raises(RuntimeError("broken")),
    "timeout": raises(TimeoutError()),
    "garbage": gives(timedelta(hours=-1)),
    "stale": gives(timedelta(minutes=10)),
    "never heard": gives(None),
}
CLOCKS: Final[Mapping[str, Callable[..., object]]] = {
    "error": raises(OSError("no clock file")),
    "timeout": raises(TimeoutError()),
    "garbage": gives(SUMMER_2019.replace(tzinfo=None)),
    "stale": gives(datetime(1990, 1, 1, tzinfo=UTC)),
}
KAFKA: Final[Mapping[str, Exception]] = {
    "error": NotAcknowledged("Kafka is down"),
    "timeout": NotAcknowledged("no acknowledgement in time"),
    "garbage": ValueError("an answer that is none"),
    "stale": KafkaConnectionError("the connection is of an earlier broker"),
}
GARBAGE: Final = """{"language": "??", "payday": "no day", "created": "no time", "type": "??"}"""
"""What makes any record of the read model unreadable, and leaves the planted data in it."""
DATABASE: Final = ("error", "timeout", "garbage", "stale")
CELLS: Final = (
    *(("audit", fault) for fault in AGES),
    *(("agreements", fault) for fault in AGES),
    *(("clock", fault) for fault in CLOCKS),
    *(("kafka", fault) for fault in KAFKA),
    *(("database", fault) for fault in DATABASE),
)


async def bent(at: Office, patch: pytest.MonkeyPatch, dependency: str, fault: str) -> Answering:
    """The office with one thing wrong."""
    desk = at.desk
    match dependency:
        case "audit":
            patch.setattr(desk.audit, "age", AGES[fault])
        case "agreements":
            patch.setattr(desk.agreements, "age", AGES[fault])
        case "clock":
            patch.setattr(desk.clock, "now", CLOCKS[fault])
        case "kafka":

            async def fail(_: Outgoing) -> None:
                raise KAFKA[fault]

            desk.publisher.before = fail
        case _:
            return await with_database(at, fault)
    return at.answering


async def with_database(at: Office, fault: str) -> Answering:
    """The office at a database that cannot be reached, is silent, or holds garbage."""
    if fault == "garbage":
        async with at.desk.rig.engine.begin() as conn:
            for table in ("person", "payment", "notice_record"):
                await conn.execute(text(f"update {table} set body = body || cast(:junk as jsonb)"), {"junk": GARBAGE})
        return at.answering
    if fault == "stale":
        return at_engine(at, await disconnected(at))
    error = ConnectionRefusedError() if fault == "error" else TimeoutError()

    async def connect() -> object:
        raise error

    return at_engine(at, create_async_engine("postgresql+asyncpg://", async_creator=connect))


async def disconnected(at: Office) -> AsyncEngine:
    """An engine whose pooled connection the server has closed, and to which it gives no other."""
    left = 1

    async def connect() -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise ConnectionRefusedError
        async with at.desk.rig.engine.connect() as conn:
            fairy = await conn.get_raw_connection()
            connection = fairy.driver_connection
            await conn.invalidate()
        return connection

    return create_async_engine("postgresql+asyncpg://", async_creator=connect)


def at_engine(at: Office, engine: AsyncEngine) -> Answering:
    teller = replace(at.answering.teller, engine=engine)
    return replace(at.answering, desks=desks_of(at.desk.asking, engine, teller), teller=teller)


async def told_of(answering: Answering, at: Office, request: Request) -> list[Answer]:
    """Every answer that leaves for a request; none when nothing can be told."""
    at.desk.replies.sent.clear()
    try:
        with capture_logs() as lines:
            returned = [await answering.answer(request)]
    except NotAcknowledged:
        returned = []
    assert [canary for line in lines for canary in CANARIES if canary in repr(line)] == []
    return [*returned, *at.desk.replies.sent]


@pytest.mark.parametrize(("dependency", "fault"), CELLS)
async def test_whatever_a_dependency_does_wrong_there_is_a_reason_and_no_data(
    at: Office, monkeypatch: pytest.MonkeyPatch, dependency: str, fault: str
) -> None:
    requests = await planted(at)
    # given one thing that is wrong, when everything is asked
    answering = await bent(at, monkeypatch, dependency, fault)
    for kind, request in requests.items():
        case, answers = f"{kind.__name__}, {dependency} {fault}", await told_of(answering, at, request)
        # then there is a refusal or a failure and no data; only with Kafka down nothing at all can be told
        assert answers or dependency == "kafka", case
        assert [canary for answer in answers for canary in canaries_in(answer)] == [], case
        # Where the read model is garbage, what shows no record may still be answered.
        if kind in SHOWING or (dependency, fault) != ("database", "garbage"):
            assert_told_without_data(answers, case)
    # and when it is mended, the same requests show no data either, and stand in the log
    monkeypatch.undo()
    at.desk.publisher.before, at.desk.clock.at = None, SUMMER_2019
    for kind, request in requests.items():
        assert canaries_in(await at.answering.answer(request)) == [], f"{kind.__name__}, {dependency} {fault}"
    assert {request.id for request in requests.values()} <= await logged(at)
