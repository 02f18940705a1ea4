"""A migrated database of the agreements service, and an office on it."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.harness.consuming import engine_for
from tests.integration.agreements.office import Office


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "agreements"


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    found = engine_for(database)
    yield found
    await found.dispose()


@pytest_asyncio.fixture(loop_scope="session")
async def office(engine: AsyncEngine) -> Office:
    made = Office(engine)
    await made.furnish()
    return made
