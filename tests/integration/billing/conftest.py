"""Billing's database."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.harness.consuming import engine_for
from tests.integration.billing.clerk import year


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "billing"


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = engine_for(database)
    yield made
    await made.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def told(module_database: str) -> AsyncIterator[AsyncEngine]:
    """The year that a clerk asks about, closed and corrected: for tests that only ask."""
    made = engine_for(module_database)
    await year(made)
    yield made
    await made.dispose()
