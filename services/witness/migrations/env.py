"""Alembic's entry; the shared runner does the work."""

from shared.database.migrate import run_env

run_env()
