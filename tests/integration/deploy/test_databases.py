import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from deploy.local.databases import provision_databases, with_database, without_credentials
from deploy.local.errors import StackError


@pytest_asyncio.fixture(loop_scope="session")
async def services(postgres: str) -> AsyncIterator[tuple[str, str]]:
    names = (f"alpha_{secrets.token_hex(4)}", f"beta_{secrets.token_hex(4)}")
    yield names
    connection = await asyncpg.connect(postgres)
    try:
        for name in names:
            await connection.execute(f"drop database if exists kelmu_{name} with (force)")
            await connection.execute(f"drop role if exists kelmu_{name}")
    finally:
        await connection.close()


async def asked(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_given_two_services_then_each_owns_its_database_and_cannot_enter_the_others(
    postgres: str, services: tuple[str, str], tmp_path: Path
) -> None:
    alpha, beta = services
    urls = await provision_databases(postgres, services, tmp_path)
    await asked(urls[alpha], "create table fact as select 1 as id")
    assert (
        await asked(urls[alpha], "select tableowner::text from pg_tables where tablename = 'fact'") == f"kelmu_{alpha}"
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asked(with_database(urls[alpha], f"kelmu_{beta}"), "select 1")


async def test_given_databases_in_use_when_provisioned_again_then_nothing_is_lost(
    postgres: str, services: tuple[str, str], tmp_path: Path
) -> None:
    alpha = services[0]
    first: Mapping[str, str] = await provision_databases(postgres, services, tmp_path)
    await asked(first[alpha], "create table fact as select 42 as answer")
    assert await provision_databases(postgres, services, tmp_path) == first
    assert await asked(first[alpha], "select answer from fact") == 42


async def test_given_a_password_file_that_was_made_anew_when_provisioned_then_the_role_takes_the_new_password(
    postgres: str, services: tuple[str, str], tmp_path: Path
) -> None:
    alpha = services[0]
    old = await provision_databases(postgres, [alpha], tmp_path)
    (tmp_path / f"database-{alpha}").unlink()
    new = await provision_databases(postgres, [alpha], tmp_path)
    assert await asked(new[alpha], "select 1") == 1
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asked(old[alpha], "select 1")


@pytest.mark.parametrize("name", ["", "Billing", "bill-ing", 'x"; drop database postgres; --', "1st"])
async def test_given_a_name_that_is_no_identifier_when_provisioned_then_it_is_refused(
    postgres: str, name: str, tmp_path: Path
) -> None:
    with pytest.raises(StackError, match="cannot name a database"):
        await provision_databases(postgres, [name], tmp_path)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p%40ss@db:5433/postgres?sslmode=require",
            "postgresql://db:5433/kelmu_billing?sslmode=require",
        ),
        ("postgresql://db/postgres", "postgresql://db/kelmu_billing"),
    ],
)
def test_given_a_superusers_url_then_the_services_address_keeps_the_server_and_drops_the_credentials(
    url: str, expected: str
) -> None:
    assert without_credentials(with_database(url, "kelmu_billing")) == expected
