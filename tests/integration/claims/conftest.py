from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
import pytest_asyncio

from shared.bus.topics import CLAIMS_REQUESTS
from tests.harness.consuming import Rig, private, rig
from tests.integration.claims.claimants import Claimant
from tests.integration.claims.desk import Desk, Open, opened
from tests.integration.claims.office import Office, Room, office_at


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


@pytest.fixture
def colleagues() -> Sequence[Claimant]:
    """Who has mandates beside the usual ones; a module that needs some gives its own."""
    return ()


@pytest_asyncio.fixture(loop_scope="session")
async def room(claims_rig: Rig, colleagues: Sequence[Claimant]) -> AsyncIterator[Room]:
    """An office at a running claims consumer."""
    office = Office()
    for body in colleagues:
        for event in body.events(office.pseudonym_key):
            office.directory.apply(event)
    async with office_at(claims_rig, office) as ready:
        yield ready
