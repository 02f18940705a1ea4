"""Tests of lookup stand on its database."""

import pytest


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "lookup"
