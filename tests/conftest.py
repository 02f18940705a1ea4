"""Fixtures that every test may use."""

from tests.stack.fixtures import database, kafka, module_database, postgres, stack

__all__ = ["database", "kafka", "module_database", "postgres", "stack"]
