"""Fixtures that every test may use, and how hypothesis and the collection of garbage run."""

import gc
import os

from hypothesis import settings

from tests.stack.fixtures import database, databases, kafka, migrated_for, module_database, postgres, stack

__all__ = ["database", "databases", "kafka", "migrated_for", "module_database", "postgres", "stack"]

# No deadline: a first call that loads a table is slow, and speed is the bench's to judge. In CI the same examples
# each time, so that a change fails for what it changed.
settings.register_profile("kelmu", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("kelmu")

# What is collected once lives to the end: walking it again and again took an eighth of a run.
gc.set_threshold(100_000, 50, 50)


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
