"""Alembic's entry for the gateway's database."""

from shared.database.migrate import run_env

run_env()
