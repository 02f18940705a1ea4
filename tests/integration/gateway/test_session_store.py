"""Sessions in a real PostgreSQL."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.keys import SessionKeys
from services.gateway.sessions import Identity, Sessions
from services.gateway.store.sessions import SessionStore, StoredForm, StoredSession
from services.gateway.typed import Typed, TypedForms, Why

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
IDLE, LIFE, QUARTER = timedelta(minutes=30), timedelta(hours=8), timedelta(minutes=15)
SARI = Identity(name="Virtanen Sari", identity_code="010180-9015", signed_in=NOW)


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    address = make_url(database).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, pool_size=2)
    yield engine
    await engine.dispose()


@pytest.fixture
def sessions(engine: AsyncEngine) -> Sessions:
    return Sessions(SessionStore(engine), SessionKeys.derive(b"s" * 32), IDLE, LIFE, lambda: NOW)


async def test_a_session_is_found_chosen_for_and_ended(sessions: Sessions) -> None:
    token = await sessions.open(SARI)
    session = await sessions.find(token)
    assert session is not None
    assert (session.identity, session.organisation, session.expires) == (SARI, None, NOW + LIFE)
    await sessions.choose(session, "0211675-2", "837")
    session = await sessions.find(token)
    assert session is not None
    assert (session.organisation, session.member) == ("0211675-2", "837")
    await sessions.close(token)
    assert await sessions.find(token) is None


async def test_use_is_noted_and_never_goes_back(engine: AsyncEngine) -> None:
    store = SessionStore(engine)
    await store.add(StoredSession(b"h" * 32, b"x", NOW, NOW, NOW + LIFE))
    await store.touch(b"h" * 32, NOW + timedelta(minutes=5))
    await store.touch(b"h" * 32, NOW + timedelta(minutes=2))
    found = await store.find(b"h" * 32)
    assert found is not None
    assert found.seen == NOW + timedelta(minutes=5)


async def test_the_database_holds_no_name_no_code_and_no_cookie(sessions: Sessions, database: str) -> None:
    token = await sessions.open(SARI)
    connection = await asyncpg.connect(database)
    try:
        dump = repr([tuple(row) for row in await connection.fetch("select * from session")])
    finally:
        await connection.close()
    for hidden in (token, "010180-9015", "Virtanen"):
        assert hidden not in dump


async def test_only_sessions_beyond_their_absolute_limit_are_purged(engine: AsyncEngine) -> None:
    store = SessionStore(engine)
    living = StoredSession(b"a" * 32, b"x", NOW, NOW, NOW + LIFE)
    unused = replace(living, id_hash=b"b" * 32, seen=NOW - IDLE)
    await store.add(living)
    await store.add(unused)
    await store.add(replace(living, id_hash=b"c" * 32, created=NOW - LIFE, expires=NOW))
    assert await store.purge(NOW) == 1
    assert [await store.find(one.id_hash) for one in (living, unused)] == [living, unused]


async def test_what_was_typed_is_found_until_its_time_or_its_use(engine: AsyncEngine) -> None:
    store = SessionStore(engine)
    for key in (b"a" * 32, b"b" * 32):
        await store.set_aside(StoredForm(key, b"sealed", NOW + QUARTER))
    assert await store.aside(b"a" * 32, NOW) == b"sealed"
    assert await store.aside(b"a" * 32, NOW + QUARTER) is None
    await store.forget(b"a" * 32)
    assert await store.aside(b"a" * 32, NOW) is None
    assert await store.purge_forms(NOW + QUARTER) == 1


async def test_the_database_holds_nothing_that_was_typed_in_the_clear(engine: AsyncEngine, database: str) -> None:
    typed = Typed(
        why=Why.ENDED,
        person="010180-9015",
        path="/claims",
        fields={"identity_code": "010180Y9026", "handler_name": "Virtanen"},
        organisation=None,
        member=None,
    )
    key = await TypedForms(SessionStore(engine), SessionKeys.derive(b"s" * 32), QUARTER, lambda: NOW).set_aside(typed)
    connection = await asyncpg.connect(database)
    try:
        dump = repr([tuple(row) for row in await connection.fetch("select * from typed_form")])
    finally:
        await connection.close()
    assert [one for one in (key, "010180-9015", "010180Y9026", "Virtanen", "claims") if one in dump] == []


async def test_a_restarted_server_costs_no_session(sessions: Sessions, database: str) -> None:
    token = await sessions.open(SARI)
    assert await sessions.find(token) is not None
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    finally:
        await connection.close()
    assert await sessions.find(token) is not None
