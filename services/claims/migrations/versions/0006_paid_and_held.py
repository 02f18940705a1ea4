"""A claim may have two shares of a payment's month: what it was paid, and what a correction added, held back."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    # The place in the entry tells them apart; what was told by claim and month before keeps its place.
    "alter table allocation_share drop constraint allocation_share_pkey, add primary key (payment, entry, position)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
