"""The service's own credentials add to the log, and change nothing that stands in it."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
import structlog
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from deploy.local.databases import database_name, owner_url, provision_databases
from services.audit import store
from services.audit.handlers import LogKeeper
from services.audit.personal import Opener, PersonKeys
from shared.database.engine import raw
from shared.database.migrate import upgrade
from tests.harness.consuming import engine_for
from tests.integration.audit.world import CLIENTS, MONTH, PSEUDONYM_KEY, RING, Log, access, client_pseudonym

FORBIDDEN = (
    "update entry set type = 'x'",
    "delete from entry",
    "truncate entry",
    "update checkpoint set note = 'x'",
    "delete from checkpoint",
    "update assignment set root = sha256('x')",
    "delete from assignment",
    "delete from subtree",
    "delete from entry_person",
    "delete from head",
    "insert into head (size, peaks, root) values (0, array[]::bytea[], sha256(''))",
    "delete from person_key",
    "update alembic_version set version_num = '0001'",
    "alter table entry disable trigger all",
    "alter table checkpoint disable trigger all",
    "drop table entry",
    "drop function log_is_append_only() cascade",
    "create table other (id int)",
    "set session_replication_role = replica",
    "select count(*) from {part}",
    "insert into {part} select * from entry",
    "delete from {part}",
    "alter table entry detach partition {part}",
    "set role {owner}",
    "delete from inbox",
    "update cosignature set line = 'x'",
    "update entry_person set seq = 7",
    "update subtree set hash = sha256('x')",
    "copy {part} from stdin",
    "create trigger t before insert on entry for each row execute function suppress_redundant_updates_trigger()",
    "create rule r as on insert to entry do instead nothing",
    "alter function open_month(text) owner to current_user",
    "create or replace function log_is_append_only() returns trigger language plpgsql as 'begin return null; end'",
    "create index on entry (time)",
    "comment on table entry is 'x'",
    "alter table entry enable row level security",
    "lock table entry in access exclusive mode",
)

MAY_ONLY = {
    "alembic_version": "SELECT",
    "head": "SELECT UPDATE",
    "person_key": "SELECT INSERT UPDATE",
    "generic_report_month": "SELECT INSERT",
    "retention_run": "SELECT INSERT",
} | dict.fromkeys(
    ("assignment", "checkpoint", "cosignature", "entry", "entry_person", "inbox", "subtree"), "SELECT INSERT"
)
"""What the service may do with what the log consists of; its working tables it may also change and empty."""
RIGHTS = """
    select c.relname, coalesce(string_agg(p, ' ' order by n) filter (where has_table_privilege(c.oid, p)), '') as may
    from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        with ordinality as rights(p, n)
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by c.relname, c.relispartition
"""


@pytest_asyncio.fixture(loop_scope="session")
async def served(postgres: str, tmp_path: Path) -> AsyncIterator[tuple[Log, str]]:
    """A log as the service's role reaches it, and the name of the role that owns the tables."""
    service = f"audit_{secrets.token_hex(4)}"
    name = database_name(service)
    urls = await provision_databases(postgres, [service], tmp_path, apart={service})
    await upgrade(
        "audit", owner_url(postgres, service, tmp_path, {service}).replace("postgresql", "postgresql+asyncpg")
    )
    log = Log(engine_for(urls[service]))
    yield log, f"{name}_owner"
    await log.engine.dispose()
    connection = await asyncpg.connect(postgres)
    try:
        await connection.execute(f"drop database {name} with (force)")
        await connection.execute(f"drop role {name}; drop role {name}_owner")
    finally:
        await connection.close()


async def test_the_service_logs_signs_erases_and_opens_months_and_can_change_nothing(served: tuple[Log, str]) -> None:
    log, owner = served
    await log.feed([access(n) for n in range(3)])
    later = LogKeeper(
        Opener(RING, PSEUDONYM_KEY),
        PersonKeys(RING),
        lambda: datetime(2199, 1, 31, 23, tzinfo=UTC),
        structlog.get_logger("test"),
    )
    await log.feed([access(n) for n in range(3, 5)], later.append)
    await log.sign()
    async with log.engine.begin() as conn:
        assert await store.destroy_keys(await raw(conn), client_pseudonym(CLIENTS[0]), MONTH) == 1
    assert (await log.check()).whole
    assert await log.scalar("select month from head") == "2199-02"
    async with log.engine.connect() as conn:
        rights = {row.relname: row.may for row in await conn.execute(text(RIGHTS))}
    assert {name: rights[name] for name in MAY_ONLY} == MAY_ONLY
    rest = {name: may for name, may in rights.items() if name not in MAY_ONLY and may}
    assert set(rest.values()) == {"SELECT INSERT UPDATE DELETE"}
    assert not {name for name in rest if name.startswith(("entry", "inbox"))}
    for statement in FORBIDDEN:
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            await log.execute(statement.format(part="entry_2199_02", owner=owner))
    assert (await log.check()).whole
