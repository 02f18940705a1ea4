"""What somebody had typed when their session ended under them: kept sealed, for minutes."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table typed_form (
            -- SHA-256 of the key in the person's cookie.
            key_hash bytea primary key check (octet_length(key_hash) = 32),
            -- Whose it is and what was typed, under the gateway's own key and bound to this row.
            sealed bytea not null,
            -- System clock: a quarter of an hour at most.
            ends timestamptz not null
        )
        """
    )
    op.execute("create index typed_form_ends on typed_form (ends)")


def downgrade() -> None:
    op.execute("drop table typed_form")
