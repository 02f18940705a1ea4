"""What the tests of the gateway's own rules share."""

from uuid import UUID

import pytest

from shared.contracts.answers import PersonView
from tests.harness.shown import shown


@pytest.fixture
def person() -> PersonView:
    return shown("010180Y9026", UUID("6b0b3c1e-5d0c-4a55-9f5c-2f1a3a0f9f11"))
