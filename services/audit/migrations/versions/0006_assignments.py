"""Which records became which entries, for each batch: published before the head over them is signed."""

from alembic import op

revision = "0006"
down_revision = "0005"

STATEMENTS = (
    # `body` is what is published (`kelmu.audit.sequence.v1`). Batches logged before this have no row.
    """
    create table assignment (
        size bigint primary key check (size > first),
        first bigint not null check (first >= 0),
        root bytea not null check (octet_length(root) = 32),
        body text not null
    )
    """,
    """
    create trigger assignment_is_append_only before update or delete or truncate on assignment
    for each statement execute function log_is_append_only()
    """,
)


def upgrade() -> None:
    """Create the table."""
    for statement in STATEMENTS:
        op.execute(statement)
