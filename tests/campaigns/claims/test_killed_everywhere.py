"""Forty histories of the register, each killed -9 at another random point: the books are as if nothing had happened."""

from pathlib import Path

import pytest

from tests.harness.consuming import Rig
from tests.integration.claims import test_books_survive
from tests.integration.claims.test_books_survive import survives
from tests.stack.databases import Databases

shelf = test_books_survive.shelf
KILLS = 40


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "claims"


@pytest.mark.parametrize("n", range(KILLS))
async def test_given_a_feed_killed_anywhere_in_any_history_then_the_books_are_those_of_an_undisturbed_reading(
    n: int, shelf: Rig, databases: Databases, tmp_path: Path
) -> None:
    await survives(shelf, databases, tmp_path, history=n, seed=n)
