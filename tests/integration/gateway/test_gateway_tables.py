"""The tables beside the sessions, in a real PostgreSQL: overrides, pace, alerts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.store.alerts import Alert, AlertStore, add_alerts
from services.gateway.store.overrides import CARRIES, OverrideStore
from services.gateway.store.pace import PaceStore
from shared.clock.system import system_now

NOW = datetime(2016, 12, 31, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST, SECOND = b"a" * 32, b"b" * 32


@pytest.fixture
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    address = make_url(database).set(drivername="postgresql+asyncpg")
    engine = create_async_engine(address, pool_size=5)
    yield engine
    await engine.dispose()


async def test_an_override_keeps_its_beginning_for_24_hours(engine: AsyncEngine) -> None:
    store = OverrideStore(engine)
    assert await store.began(FIRST, NOW) == NOW
    assert await store.began(FIRST, NOW + 5 * HOUR) == NOW
    assert await store.began(SECOND, NOW + 5 * HOUR) == NOW + 5 * HOUR
    assert await store.began(FIRST, NOW + CARRIES - HOUR) == NOW
    assert await store.began(FIRST, NOW + CARRIES) == NOW + CARRIES


async def test_a_beginning_in_the_future_is_begun_anew(engine: AsyncEngine) -> None:
    store = OverrideStore(engine)
    await store.began(FIRST, NOW + HOUR)
    assert await store.began(FIRST, NOW) == NOW


async def test_overrides_are_forgotten_when_they_carry_no_more(engine: AsyncEngine) -> None:
    store = OverrideStore(engine)
    await store.began(FIRST, NOW)
    await store.began(SECOND, NOW + HOUR)
    assert await store.purge(NOW + CARRIES) == 1
    assert await store.began(SECOND, NOW + 2 * HOUR) == NOW + HOUR


async def test_the_pace_is_exact_over_several_gateways(engine: AsyncEngine, database: str) -> None:
    other = create_async_engine(make_url(database).set(drivername="postgresql+asyncpg"), pool_size=5)
    try:
        stores = [PaceStore(engine), PaceStore(other)]
        taken = await asyncio.gather(*(stores[n % 2].take("A-1", NOW, 25) for n in range(60)))
    finally:
        await other.dispose()
    assert sum(taken) == 25


async def test_the_pace_counts_each_agreement_and_minute_apart(engine: AsyncEngine) -> None:
    store, later = PaceStore(engine), NOW + timedelta(minutes=1)
    calls = [("A-1", NOW), ("A-1", NOW), ("A-2", NOW), ("A-1", later)]
    assert [await store.take(agreement, minute, 1) for agreement, minute in calls] == [True, False, True, True]
    assert await store.purge(later) == 2
    assert not await store.take("A-1", later, 1)


async def test_alerts_are_kept_once_and_shown_to_their_organisation_newest_first(engine: AsyncEngine) -> None:
    alerts = [
        Alert(access_event=UUID(int=n), time=NOW + n * HOUR, organisation=body, member="837", worker="v1.x")
        for n, body in enumerate(("0211675-2", "0171450-7", "0211675-2"))
    ]
    for _ in range(2):
        async with engine.begin() as connection:
            await add_alerts(connection, alerts)
    store = AlertStore(engine)
    assert await store.newest(["0211675-2"], 10) == (alerts[2], alerts[0])
    assert await store.newest(["0211675-2"], 1) == (alerts[2],)
    assert await store.newest([], 10) == ()
    assert await store.purge(system_now() - HOUR) == 0
    assert await store.purge(system_now() + HOUR) == 3
