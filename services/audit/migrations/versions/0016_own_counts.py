"""The own accounts of lookup and claims stand among what is compared by the hour."""

from alembic import op

revision = "0016"
down_revision = "0015"

STATEMENTS = (
    # Whoever told the event and keeps an account of it; empty where nobody does.
    "alter table published_event add column publisher text not null default ''",
    # `untold`: how many events these services hold of which Kafka holds none.
    """
    alter table compared
        add column lookup bigint,
        add column claims bigint,
        add column untold bigint not null default 0
    """,
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
