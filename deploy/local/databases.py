"""One database and one role per service: no service can even connect to another's database.

The log's tables belong to a second role, which only migrations use: what its service may not do, no statement of the
service can do, whoever holds its password (invariant 7).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from deploy.local.errors import StackError
from deploy.local.secret_files import ensure_secrets, read_secret

_NAME = re.compile(r"[a-z][a-z0-9_]*")
OWNED_APART = frozenset({"audit"})
"""Services whose role owns nothing."""


def database_name(service: str) -> str:
    """Name of a service's database, and of the role it logs in as."""
    return f"kelmu_{service}"


def owner_name(service: str, apart: Collection[str] = OWNED_APART) -> str:
    """The role that owns a service's tables and runs its migrations."""
    return f"{database_name(service)}_owner" if service in apart else database_name(service)


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


async def provision_databases(
    superuser_url: str, names: Iterable[str], secrets: Path, apart: Collection[str] = OWNED_APART
) -> Mapping[str, str]:
    """Create each service's role and database, or bring them to what they should be.

    Args:
        superuser_url: a connection that may create roles and databases.
        names: services, such as `billing`; the role and the database are `kelmu_billing`.
        secrets: folder of the secret files; each role's password lies in `database-SERVICE`, that of a second role
            which owns the tables in `database-SERVICE-owner`.
        apart: services whose tables a second role owns.

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
            name = database_name(service)
            owner = owner_name(service, apart)
            password = _password(secrets, f"database-{service}")
            await _provision_role(connection, name, password)
            if owner != name:
                await _provision_role(connection, owner, _password(secrets, f"database-{service}-owner"))
            await _provision(connection, name, owner)
            if owner != name:
                await _hand_over(with_database(superuser_url, name), name, owner)
            urls[service] = with_database(superuser_url, name, name, password)
    finally:
        await connection.close()
    return urls


def owner_url(superuser_url: str, service: str, secrets: Path, apart: Collection[str] = OWNED_APART) -> str:
    """Connection URL of the role that owns a provisioned service's tables: the one for migrations."""
    secret = f"database-{service}-owner" if service in apart else f"database-{service}"
    return with_database(
        superuser_url, database_name(service), owner_name(service, apart), read_secret(secrets, secret)
    )


def _password(secrets: Path, secret: str) -> str:
    ensure_secrets(secrets, [(secret, "password")])
    return read_secret(secrets, secret)


async def _provision_role(connection: asyncpg.Connection, name: str, password: str) -> None:
    """A role that logs in and is nothing more; every statement may be repeated."""
    if not await connection.fetchval("select 1 from pg_roles where rolname = $1", name):
        await _execute(connection, "create role %I", name)
    await _execute(
        connection,
        "alter role %I login nosuperuser nocreatedb nocreaterole noreplication password %L",
        name,
        password,
    )


async def _provision(connection: asyncpg.Connection, name: str, owner: str) -> None:
    """One database; every statement may be repeated."""
    if not await connection.fetchval("select 1 from pg_database where datname = $1", name):
        await _execute(connection, "create database %I", name)
    await _execute(connection, "alter database %I owner to %I", name, owner)
    await _execute(connection, "revoke all on database %I from public", name)
    await _execute(connection, "grant connect on database %I to %I", name, name)


async def _hand_over(url: str, name: str, owner: str) -> None:
    """What the service still owns of an older installation becomes its owner's."""
    connection = await asyncpg.connect(url)
    try:
        await _execute(connection, "reassign owned by %I to %I", name, owner)
    finally:
        await connection.close()


async def _execute(connection: asyncpg.Connection, template: str, *values: str) -> None:
    """Run a statement that cannot take parameters, its values quoted by the server itself."""
    places = ", ".join(f"${number}::text" for number in range(2, len(values) + 2))
    statement = await connection.fetchval(f"select format($1::text, {places})", template, *values)
    await connection.execute(statement)
