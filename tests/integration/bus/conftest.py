"""Tests of the bus stand on its tables alone."""

import pytest

from tests.stack.databases import BUS


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return BUS
