"""Tests of lookup stand on its database; a module shares one lookup, and each test begins with it anew."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.integration.lookup.desk import Desk, desk
from tests.integration.lookup.municipal import Office, office


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "lookup"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_office(
    kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Office]:
    async with office(kafka, module_database, tmp_path_factory.mktemp("secrets")) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def at(module_office: Office) -> Office:
    await module_office.begin()
    return module_office


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def module_desk(
    kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    async with desk(kafka, module_database, tmp_path_factory.mktemp("secrets")) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def lookup(module_desk: Desk) -> Desk:
    await module_desk.begin()
    return module_desk
