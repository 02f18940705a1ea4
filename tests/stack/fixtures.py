"""Real Kafka and PostgreSQL for tests: one stack per session, started by the first test that asks for it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import pytest_asyncio

from deploy.local.throwaway import empty_database


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


SERVERS: Callable[[], AbstractAsyncContextManager[Servers]]
if os.environ.get("KELMU_TEST_STACK") == "docker":
    from tests.stack.docker import DockerStack

    SERVERS = DockerStack
else:
    from tests.stack.plain import PlainStack

    SERVERS = PlainStack


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Servers]:
    """The session's stack; `KELMU_TEST_STACK=docker` runs it in containers instead."""
    async with SERVERS() as servers:
        yield servers


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kafka(stack: Servers) -> str:
    """Bootstrap address of a real broker."""
    return stack.kafka


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def postgres(stack: Servers) -> str:
    """Superuser URL of a real PostgreSQL."""
    return stack.postgres


@pytest_asyncio.fixture(loop_scope="session")
async def database(postgres: str) -> AsyncIterator[str]:
    """URL of an empty database of this test's own, dropped afterwards."""
    async with empty_database(postgres) as url:
        yield url


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_database(postgres: str) -> AsyncIterator[str]:
    """URL of an empty database that the tests of one module share."""
    async with empty_database(postgres) as url:
        yield url
