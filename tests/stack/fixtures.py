"""Real Kafka and PostgreSQL for tests: one stack per session, started by the first test that asks for it.

What starts and speaks to servers is imported by whoever asks for them: every other run would wait for it too.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Protocol

import pytest
import pytest_asyncio

if TYPE_CHECKING:
    from tests.stack.databases import Databases


class Servers(Protocol):
    """What tests may ask of the stack, however it runs. Names are `kafka` and `postgres`."""

    kafka: str
    postgres: str

    async def kill(self, name: str) -> None:
        """SIGKILL; the server comes back by itself."""

    async def stop(self, name: str) -> None:
        """Down until started again."""

    async def start(self, name: str) -> None:
        """Up, and ready."""

    async def restart(self, name: str) -> None:
        """Stop, start, ready."""

    async def wait_ready(self, name: str, deadline: float | None = None) -> None:
        """Until it serves."""


def _servers() -> AbstractAsyncContextManager[Servers]:
    if os.environ.get("KELMU_TEST_STACK") == "docker":
        from tests.stack.docker import DockerStack  # noqa: PLC0415 - see above

        return DockerStack()
    from tests.stack.plain import PlainStack  # noqa: PLC0415 - see above

    return PlainStack()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Servers]:
    """The session's stack; `KELMU_TEST_STACK=docker` runs it in containers instead."""
    async with _servers() as servers:
        yield servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka(stack: Servers) -> str:
    """Bootstrap address of a real broker."""
    return stack.kafka


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres(stack: Servers) -> str:
    """Superuser URL of a real PostgreSQL."""
    return stack.postgres


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def databases(postgres: str) -> "AsyncIterator[Databases]":
    """Migrated databases to borrow."""
    from tests.stack.databases import Databases  # noqa: PLC0415 - see above

    made = Databases(postgres)
    yield made
    await made.close()


@pytest.fixture(scope="session")
def migrated_for() -> str | None:
    """The service whose tables `database` and `module_database` have; a folder's conftest names its own."""
    return None


@pytest_asyncio.fixture(loop_scope="session")
async def database(postgres: str, databases: "Databases", migrated_for: str | None) -> AsyncIterator[str]:
    """URL of a database of this test's own: migrated for the folder's service, or empty."""
    async with _own(postgres, databases, migrated_for) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_database(postgres: str, databases: "Databases", migrated_for: str | None) -> AsyncIterator[str]:
    """As `database`, shared by the tests of one module."""
    async with _own(postgres, databases, migrated_for) as url:
        yield url


def _own(postgres: str, databases: "Databases", service: str | None) -> AbstractAsyncContextManager[str]:
    from deploy.local.throwaway import empty_database  # noqa: PLC0415 - see above

    return empty_database(postgres) if service is None else databases.lent(service)
