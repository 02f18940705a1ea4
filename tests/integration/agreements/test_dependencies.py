"""Every dependency of the service in error, late, garbled or stale: refused or waiting with a reason, unchanged."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.agreements import store
from services.agreements.domain.records import Record
from services.agreements.handlers import take_in
from shared.bus.messages import Decode, Undecodable, decode
from shared.bus.messages import Record as BusRecord
from shared.clock.system import system_now
from shared.contracts.answers import ChangesDone
from shared.contracts.base import Role
from tests.harness.consuming import engine_for
from tests.integration.agreements.feeding import feed
from tests.integration.agreements.office import AT, LOADED, MAIN_USER, Office, changes
from tests.unit.agreements.made import UNTIL_2016, mandate

COMMAND = changes([mandate(id="V-new", roles=(Role.FEE_CLERK,))], "key-00001")


@dataclass
class Way:
    """How a command comes to the service."""

    accepted: datetime = AT
    decode: Decode = decode
    position: int = 0


@dataclass
class Stage:
    """What a fault may lay hands on."""

    office: Office
    patch: Callable[[object, str, object], None]


Fault = Callable[[Stage], AbstractAsyncContextManager[Way]]


def raising(error: Exception) -> Callable[..., Awaitable[NoReturn]]:
    async def fails(*_: object) -> NoReturn:
        raise error

    return fails


def taken(at: datetime) -> Decode:
    """Read records as if Kafka had taken them at a moment."""
    return lambda record: decode(record._replace(timestamp=int(at.timestamp() * 1000)))


@asynccontextmanager
async def database_gone(stage: Stage) -> AsyncIterator[Way]:
    stage.patch(store, "load_state", raising(ConnectionRefusedError()))
    yield Way()


@asynccontextmanager
async def database_held(stage: Stage) -> AsyncIterator[Way]:
    """Somebody holds the lock, and the database gives up waiting."""
    usual = stage.office.engine
    async with usual.begin() as holder:
        await store.lock(holder)
        stage.office.engine = engine_for(usual.url.render_as_string(hide_password=False))

        async def impatient(conn: AsyncConnection) -> None:
            await conn.execute(text("set local statement_timeout = 50"))
            await usual_lock(conn)

        usual_lock = store.lock
        stage.patch(store, "lock", impatient)
        yield Way()
        await stage.office.engine.dispose()
    stage.office.engine = usual


@asynccontextmanager
async def database_garbled(stage: Stage) -> AsyncIterator[Way]:
    async with stage.office.engine.begin() as conn:
        await conn.execute(
            text(
                """
                insert into record_version (kind, id, version, body, recorded_at, actor, reason)
                values ('path', 'P-bad', 1, '{"id": 1}', now(), 'x', 'x')
                """
            )
        )
    yield Way()


@asynccontextmanager
async def database_position_moved(_: Stage) -> AsyncIterator[Way]:
    """Another process has gone further: this one works by a position that is stale."""
    yield Way(position=7)


@asynccontextmanager
async def kafka_reply_lost(stage: Stage) -> AsyncIterator[Way]:
    """The command took effect and its answer is lost: sent again by the same key, it changes nothing more."""
    assert isinstance(await stage.office.ask(COMMAND, MAIN_USER), ChangesDone)
    yield Way()


@asynccontextmanager
async def kafka_late(_: Stage) -> AsyncIterator[Way]:
    """Kafka took the command when its actor had expired already."""
    yield Way(decode=taken(system_now() + timedelta(minutes=2)))


@asynccontextmanager
async def kafka_garbled(_: Stage) -> AsyncIterator[Way]:
    def unreadable(_record: BusRecord) -> NoReturn:
        raise Undecodable("json", "not JSON")

    yield Way(decode=unreadable)


@asynccontextmanager
async def kafka_repeated(stage: Stage) -> AsyncIterator[Way]:
    """Another command by a key that was used already."""
    other = changes([mandate(id="V-other")], "key-00001")
    assert isinstance(await stage.office.ask(other, MAIN_USER), ChangesDone)
    yield Way()


@asynccontextmanager
async def directory_error(stage: Stage) -> AsyncIterator[Way]:
    stage.patch(store, "asking_records", raising(OSError()))
    yield Way()


@asynccontextmanager
async def directory_timeout(stage: Stage) -> AsyncIterator[Way]:
    stage.patch(store, "asking_records", raising(TimeoutError()))
    yield Way()


@asynccontextmanager
async def directory_garbled(stage: Stage) -> AsyncIterator[Way]:
    """Half of it: the organisation is there, nobody's mandates are."""
    usual = store.asking_records

    async def halved(conn: AsyncConnection, organisation: str, worker: str, member: str | None) -> list[Record]:
        return [one for one in await usual(conn, organisation, worker, member) if not hasattr(one, "worker")]

    stage.patch(store, "asking_records", halved)
    yield Way()


@asynccontextmanager
async def directory_stale(stage: Stage) -> AsyncIterator[Way]:
    """The main user's mandate has ended by the day of the request."""
    ended = next(one for one in stage.office.records() if getattr(one, "worker", "") == stage.office.worker(MAIN_USER))
    outcome = await take_in(
        stage.office.engine, [ended.model_copy(update={"version": 2, "validity": UNTIL_2016})], LOADED
    )
    assert outcome.refused == ()
    yield Way(accepted=datetime(2017, 1, 2, tzinfo=UTC))


@asynccontextmanager
async def clock_error(_: Stage) -> AsyncIterator[Way]:
    """No instant of Kafka's that could be read."""
    yield Way(decode=lambda record: decode(record._replace(timestamp=-(10**18))))


@asynccontextmanager
async def clock_slow(_: Stage) -> AsyncIterator[Way]:
    """A clock so far ahead that the session has run out by it."""
    yield Way(decode=taken(system_now() + timedelta(hours=9)))


@asynccontextmanager
async def clock_garbled(_: Stage) -> AsyncIterator[Way]:
    """Business time at the end of the calendar."""
    yield Way(accepted=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))


@asynccontextmanager
async def clock_stale(_: Stage) -> AsyncIterator[Way]:
    """A clock that stands before the sign-in."""
    yield Way(decode=taken(system_now() - timedelta(hours=1)))


MATRIX: list[tuple[Fault, tuple[str, list[str]]]] = [
    (database_gone, ("waits", ["ConnectionRefusedError"])),
    (database_held, ("waits", ["DBAPIError"])),
    (database_garbled, ("set aside", ["handler"])),
    (database_position_moved, ("waits", ["Fenced"])),
    (kafka_reply_lost, ("answered", ["done"])),
    (kafka_late, ("answered", ["gate.actor_verified"])),
    (kafka_garbled, ("set aside", ["json"])),
    (kafka_repeated, ("answered", ["agreements.idempotency_key"])),
    (directory_error, ("waits", ["OSError"])),
    (directory_timeout, ("waits", ["TimeoutError"])),
    (directory_garbled, ("answered", ["gate.mandate_of_worker"])),
    (directory_stale, ("answered", ["gate.mandate_of_worker"])),
    (clock_error, ("set aside", ["handler"])),
    (clock_slow, ("answered", ["gate.actor_verified"])),
    (clock_garbled, ("set aside", ["handler"])),
    (clock_stale, ("answered", ["gate.session_age"])),
]
"""Dependency and fault, and what comes of it."""


async def versions(office: Office) -> tuple[int, int]:
    """How many versions and how many events there are."""
    async with office.engine.connect() as conn:
        records = await conn.scalar(text("select count(*) from record_version"))
        events = await conn.scalar(text("select count(*) from outbox"))
    return int(records or 0), int(events or 0)


@pytest.mark.parametrize(("fault", "outcome"), MATRIX, ids=[fault.__name__ for fault, _ in MATRIX])
async def test_given_a_dependency_that_fails_then_nothing_changes_and_the_reason_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, fault: Fault, outcome: tuple[str, list[str]]
) -> None:
    async with fault(Stage(office, monkeypatch.setattr)) as way:
        before = await versions(office)
        message = office.request(COMMAND, MAIN_USER, accepted=way.accepted)

        assert await feed(office, message, decode=way.decode, position=way.position) == outcome
        assert await versions(office) == before
