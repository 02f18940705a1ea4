"""What was decided is counted by the hour when the log asks: found by its time, which grows as the rows do."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A block range index: looking up pays next to nothing for it.
    op.execute("create index decided_by_time on decided using brin (time) with (pages_per_range = 16)")
