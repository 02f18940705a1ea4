"""Alembic's entry point for the audit database."""

from shared.database.migrate import run_env

run_env()
