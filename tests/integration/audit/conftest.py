"""The log in a database of a test's own."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.harness.consuming import engine_for
from tests.integration.audit.world import (
    Log,
)


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "audit"


@pytest_asyncio.fixture(loop_scope="session")
async def log(database: str) -> AsyncIterator[Log]:
    engine = engine_for(database)
    yield Log(engine)
    await engine.dispose()
