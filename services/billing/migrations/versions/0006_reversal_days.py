"""A use is reversed once on its own day: a reversal that names another day waits without standing in the way."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("drop index reversal_once")
    op.execute("create unique index reversal_once on reversal (of, day) where state <> 'superseded'")
