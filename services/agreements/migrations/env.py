"""Alembic's entry: the connection comes from `kelmu migrate`."""

from shared.database.migrate import run_env

run_env()
