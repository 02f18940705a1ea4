"""What claims told of each hour, kept with it: the log compares it with what stands on Kafka. It names nobody."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    create table told_event (
        event_id uuid primary key,
        time timestamptz not null,
        agreement text not null,
        kept_at timestamptz not null default now()
    )
    """,
    # Block range indexes: registering pays next to nothing for them.
    "create index told_event_time on told_event using brin (time) with (pages_per_range = 16)",
    "create index told_event_kept on told_event using brin (kept_at) with (pages_per_range = 16)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
