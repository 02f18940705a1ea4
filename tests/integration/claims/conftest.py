from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from shared.bus.topics import CLAIMS_REQUESTS
from tests.harness.consuming import Rig, private, rig
from tests.integration.claims.desk import Desk, Open, opened


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "claims"


@pytest_asyncio.fixture(loop_scope="session")
async def claims_rig(kafka: str, database: str, tmp_path: Path) -> AsyncIterator[Rig]:
    """A migrated claims database and a request topic of this test's own."""
    async with rig(kafka, database, [private(CLAIMS_REQUESTS)], tmp_path) as ready:
        yield ready


@pytest_asyncio.fixture(loop_scope="session")
async def desk(claims_rig: Rig) -> AsyncIterator[Open]:
    """A desk at a running claims consumer."""
    async with opened(claims_rig, Desk()) as ready:
        yield ready
