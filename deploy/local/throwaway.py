"""A database of one's own on a real server, for a test or a bench."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from deploy.local.databases import with_database


@asynccontextmanager
async def empty_database(superuser_url: str) -> AsyncIterator[str]:
    """URL of an empty database, dropped afterwards."""
    name = f"own_{secrets.token_hex(6)}"
    await _execute(superuser_url, f'create database "{name}"')
    try:
        yield with_database(superuser_url, name)
    finally:
        await _execute(superuser_url, f'drop database if exists "{name}" with (force)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
