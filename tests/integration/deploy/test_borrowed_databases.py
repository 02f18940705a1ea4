"""A borrowed database looks to each borrower as new, whatever the one before did to it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from tests.stack.databases import BUS, Databases

WRITE = (
    "insert into outbox (topic, key, event_id, type, source, time, body) values ('t', 'k', $1, 't', 's', now(), 'b')"
)
NAME = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest_asyncio.fixture(loop_scope="session")
async def pool(postgres: str) -> AsyncIterator[Databases]:
    made = Databases(postgres)
    yield made
    await made.close()


async def test_given_rows_a_table_and_an_open_session_then_the_next_borrower_finds_none_of_them(
    pool: Databases,
) -> None:
    async with pool.lent(BUS) as first:
        left_open = await asyncpg.connect(first)
        await left_open.execute(WRITE, NAME)
        await left_open.execute("create table mine (a int)")
    async with pool.lent(BUS) as second:
        conn = await asyncpg.connect(second)
        assert await conn.fetchval("select count(*) from outbox") == 0
        assert await conn.fetchval("select to_regclass('mine')") is None
        await conn.execute(WRITE, NAME)
        assert await conn.fetchval("select id from outbox") == 1
        await conn.close()
    assert first != second
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, ConnectionError)):
        await left_open.execute("select 1")


@pytest.mark.parametrize(
    "change",
    [
        "alter table outbox disable trigger all",
        "alter table outbox add column more int",
        "drop index outbox_unsent",
        "drop table quarantine cascade",
        "create or replace function outbox_woken() returns trigger language plpgsql as $$ begin return null; end $$",
    ],
)
async def test_given_a_changed_schema_then_the_next_borrower_gets_the_old_one(pool: Databases, change: str) -> None:
    async with pool.lent(BUS) as first:
        conn = await asyncpg.connect(first)
        await conn.execute(change)
        await conn.close()
    async with pool.lent(BUS) as second:
        conn = await asyncpg.connect(second)
        assert await conn.fetchval("select tgenabled from pg_trigger where tgname = 'outbox_wakes'") == b"O"
        assert await conn.fetchval("select prosrc like '%notify%' from pg_proc where proname = 'outbox_woken'")
        assert await conn.fetchval("select to_regclass('outbox_unsent')") == "outbox_unsent"
        assert await conn.fetchval("select count(*) from quarantine") == 0
        assert "more" not in {row["attname"] for row in await conn.fetch("select attname from pg_attribute")}
        await conn.close()


async def test_given_rows_that_a_migration_left_then_each_borrower_finds_them(pool: Databases) -> None:
    async with pool.lent("audit") as first:
        conn = await asyncpg.connect(first)
        before = await conn.fetch("select * from alembic_version"), await conn.fetch("select * from head")
        await conn.execute("update head set size = 7")
        await conn.close()
    async with pool.lent("audit") as second:
        conn = await asyncpg.connect(second)
        assert (await conn.fetch("select * from alembic_version"), await conn.fetch("select * from head")) == before
        await conn.close()
