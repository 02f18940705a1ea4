"""On which day and under which agreement an entry is counted, so that the log can be compared with Kafka."""

from alembic import op

revision = "0004"
down_revision = "0003"

STATEMENTS = (
    # Beside the leaf, like type and time; the leaf itself says both. Null: not of a kind that is counted.
    "alter table entry add column counted_on date, add column agreement text",
    # Entries come nearly in order of their days, so a block range index is all that a month needs.
    "create index entry_counted_on on entry using brin (counted_on) with (pages_per_range = 32, autosummarize = on)",
)


def upgrade() -> None:
    """Add the columns."""
    for statement in STATEMENTS:
        op.execute(statement)
