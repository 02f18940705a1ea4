"""Alembic migrations of lookup's database."""
