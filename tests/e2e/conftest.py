"""One world for all tests in a browser: starting it takes longer than most of them."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.e2e.world import World, opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world() -> AsyncIterator[World]:
    async with opened() as started:
        yield started
