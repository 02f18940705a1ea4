"""Billing's database."""

from collections.abc import AsyncIterator

import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.database.migrate import upgrade
from tests.harness.consuming import engine_for


@pytest_asyncio.fixture(loop_scope="session")
async def engine(database: str) -> AsyncIterator[AsyncEngine]:
    made = engine_for(database)
    await upgrade("billing", made.url)
    yield made
    await made.dispose()
