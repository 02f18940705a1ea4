"""With which of the log's keys a checkpoint was signed: one that was replaced by then signs nothing new."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    # The public key. Null: signed before this was kept.
    "alter table signed add column log_key bytea check (octet_length(log_key) = 32)",
)


def upgrade() -> None:
    """Add the column."""
    for statement in STATEMENTS:
        op.execute(statement)
