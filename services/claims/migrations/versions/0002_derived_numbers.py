"""Claim numbers follow from the claim's id: the counter, and with it the one row that all waited for, goes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop table claim_number")
