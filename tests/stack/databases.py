"""Migrated databases that tests borrow: emptied after each use, for making one anew costs far more than emptying it.

A borrower cannot tell one from a new database. Whoever was still connected is cut off, the rows and sequences are
again those that the migrations left, tables that came with the use are gone, and the name is new each time, so that
a process left over from an earlier test does not find it. One whose schema was changed is not lent again.
"""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO

import asyncpg

from deploy.local.databases import with_database
from shared.bus.schema import BUS_V1
from shared.database.migrate import upgrade

BUS = "bus"
"""Not a service: a database with the tables of the bus and nothing else."""
FULL = 20_000
"""Rows that are not worth deleting: a database that held more is dropped."""

_TABLES = """
    select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')
    order by 1, 2
"""
_SEQUENCES = """
    select format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value is not null
    from pg_sequences order by 1
"""
_CUT_OFF = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()
"""
# What vacuum, analyze and truncate write into pg_class is no change of the schema.
_SCHEMA = """
    select md5(string_agg(line, ',' order by line collate "C")) from (
        select (to_jsonb(c) - array['relpages', 'reltuples', 'relallvisible', 'relallfrozen', 'relfrozenxid',
            'relminmxid', 'relfilenode', 'reltoastrelid', 'relhassubclass'])::text as line
            from pg_class c where oid >= 16384 and relnamespace <> 'pg_toast'::regnamespace
        union all select a::text from pg_attribute a join pg_class c on c.oid = attrelid
            where attrelid >= 16384 and c.relnamespace <> 'pg_toast'::regnamespace
        union all select t::text from pg_trigger t
        union all select x::text from pg_constraint x where oid >= 16384
        union all select p::text from pg_proc p where oid >= 16384
        union all select d::text from pg_attrdef d
        union all select n::text from pg_namespace n where oid >= 16384
        union all select s::text from pg_db_role_setting s
            where setdatabase = (select oid from pg_database where datname = current_database())
    ) as lines
"""


@dataclass(frozen=True)
class _New:
    """How a database was when it was new."""

    schema: str
    tables: list[tuple[str, str]]
    rows: dict[tuple[str, str], bytes]
    sequences: list[tuple[str, int, bool]]


@dataclass
class Databases:
    """Those of one server; nothing is made before it is asked for."""

    superuser: str
    _free: dict[str, list[tuple[str, _New]]] = field(default_factory=dict)

    @asynccontextmanager
    async def lent(self, service: str) -> AsyncIterator[str]:
        """URL of a database as `service` has it after its migrations, for as long as the block lasts."""
        free = self._free.setdefault(service, [])
        name, new = free.pop() if free else await self._made(service)
        try:
            yield with_database(self.superuser, name)
        finally:
            if await self._emptied(name, new):
                free.append((await self._renamed(name), new))
            else:
                await self._execute(f'drop database "{name}" with (force)')

    async def close(self) -> None:
        """Drop them all."""
        for free in self._free.values():
            while free:
                await self._execute(f'drop database "{free.pop()[0]}" with (force)')

    async def _made(self, service: str) -> tuple[str, _New]:
        name = f"own_{secrets.token_hex(6)}"
        await self._execute(f'create database "{name}" strategy file_copy')
        url = with_database(self.superuser, name)
        if service == BUS:
            await _execute(url, *BUS_V1)
        else:
            await upgrade(service, url.replace("postgresql://", "postgresql+asyncpg://", 1))
        async with _connection(url) as conn:
            return name, await _seen(conn)

    async def _emptied(self, name: str, new: _New) -> bool:
        """Bring the database back to what it was; whether that succeeded."""
        async with _connection(with_database(self.superuser, name)) as conn:
            await conn.execute(_CUT_OFF)
            deleted = 0
            async with conn.transaction():
                await conn.execute("set local session_replication_role = replica")  # no trigger has a say in this
                for table in await _tables(conn):
                    if table not in new.tables:
                        await conn.execute(f"drop table if exists {_quoted(table)} cascade")
                if await conn.fetchval(_SCHEMA) != new.schema:
                    return False
                for table in new.tables:
                    deleted += int((await conn.execute(f"delete from only {_quoted(table)}")).removeprefix("DELETE "))
                for (schema, relation), content in new.rows.items():
                    await conn.copy_to_table(relation, schema_name=schema, source=BytesIO(content), format="binary")
                await conn.executemany("select setval($1::text::regclass, $2, $3)", new.sequences)
            return deleted <= FULL

    async def _renamed(self, name: str) -> str:
        other = f"own_{secrets.token_hex(6)}"
        await self._execute(f'alter database "{name}" rename to "{other}"')
        return other

    async def _execute(self, statement: str) -> None:
        await _execute(self.superuser, statement)


async def _seen(conn: asyncpg.Connection) -> _New:
    tables, rows = await _tables(conn), {}
    for table in tables:
        if await conn.fetchval(f"select exists (select from only {_quoted(table)})"):
            content = BytesIO()
            await conn.copy_from_table(table[1], schema_name=table[0], output=content, format="binary")
            rows[table] = content.getvalue()
    sequences = [(str(row[0]), int(row[1]), bool(row[2])) for row in await conn.fetch(_SEQUENCES)]
    return _New(str(await conn.fetchval(_SCHEMA)), tables, rows, sequences)


async def _tables(conn: asyncpg.Connection) -> list[tuple[str, str]]:
    return [(str(row[0]), str(row[1])) for row in await conn.fetch(_TABLES)]


def _quoted(table: tuple[str, str]) -> str:
    return ".".join(f'"{part}"' for part in table)


@asynccontextmanager
async def _connection(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _execute(url: str, *statements: str) -> None:
    async with _connection(url) as conn:
        for statement in statements:
            await conn.execute(statement)
