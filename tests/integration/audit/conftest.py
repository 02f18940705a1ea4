"""The log in a database of a test's own."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.harness.consuming import engine_for
from tests.integration.audit.world import (
    Log,
    migrate,
)


@pytest_asyncio.fixture(loop_scope="session")
async def log(database: str) -> AsyncIterator[Log]:
    engine = engine_for(database)
    await migrate(engine)
    yield Log(engine)
    await engine.dispose()
