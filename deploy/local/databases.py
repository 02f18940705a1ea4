"""One database and one role per service: no service can even connect to another's database."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.local.errors import StackError
from deploy.local.secret_files import ensure_secrets, read_secret

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def database_name(service: str) -> str:
    """Name of a service's database, and of the role that owns it."""
    return f"kelmu_{service}"


def without_credentials(url: str) -> str:
    """The same URL without user and password, fit for a process's environment."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def with_database(url: str, database: str, user: str | None = None, password: str | None = None) -> str:
    """The same server's URL for another database, and for another user when given."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")
    credentials = place[0] if user is None else f"{quote(user)}:{quote(password or '', safe='')}"
    return urlunsplit(
        parts._replace(netloc=f"{credentials}@{place[2]}" if credentials else place[2], path=f"/{database}")
    )


async def provision_databases(superuser_url: str, names: Iterable[str], secrets: Path) -> Mapping[str, str]:
    """Create each service's role and database, or bring them to what they should be.

    Args:
        superuser_url: a connection that may create roles and databases.
        names: services, such as `billing`; the role and the database are `kelmu_billing`.
        secrets: folder of the secret files; each role's password lies in `database-SERVICE`.

    Returns:
        Each service's own connection URL.

    Raises:
        StackError: `database.name` for a name that is no plain identifier.
    """
    urls: dict[str, str] = {}
    connection = await asyncpg.connect(superuser_url)
    try:
        for service in names:
            if not _NAME.fullmatch(service):
                raise StackError("database.name", f"{service!r} cannot name a database.", "Use a-z, 0-9 and '_'.")
            secret, name = f"database-{service}", database_name(service)
            ensure_secrets(secrets, [(secret, "password")])
            password = read_secret(secrets, secret)
            await _provision(connection, name, password)
            urls[service] = with_database(superuser_url, name, name, password)
    finally:
        await connection.close()
    return urls


async def _provision(connection: asyncpg.Connection, name: str, password: str) -> None:
    """One role and its database; every statement may be repeated."""
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
        await _execute(connection, "create role %I", name)
    await _execute(
        connection,
        "alter role %I login nosuperuser nocreatedb nocreaterole noreplication password %L",
        name,
        password,
    )
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await _execute(connection, "create database %I", name)
    await _execute(connection, "alter database %I owner to %I", name, name)
    await _execute(connection, "revoke all on database %I from public", name)


async def _execute(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that cannot take parameters, its values quoted by the server itself."""
    places = ", ".join(f"${number}::text" for number in range(2, len(values) + 2))
    statement = await connection.fetchval(f"select format($1::text, {places})", template, *values)
    await connection.execute(statement)
