"""Sessions. The gateway owns nothing else: what it asks and hears lives on Kafka."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create table session (
            -- SHA-256 of the id in the person's cookie: a copy of this table opens no session.
            id_hash bytea primary key check (octet_length(id_hash) = 32),
            -- Who the person is, under the gateway's own key and bound to this row.
            sealed bytea not null,
            -- System clock, all three.
            created timestamptz not null,
            seen timestamptz not null,
            expires timestamptz not null check (expires > created),
            organisation text,
            member text
        )
        """
    )
    op.execute("create index session_expires on session (expires)")


def downgrade() -> None:
    op.execute("drop table session")
