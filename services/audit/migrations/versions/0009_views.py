"""Looking into the log: a person's entries are found by an index, and what was told of each looking is kept."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    # By whose key the personal part is sealed: the way from a person to their entries. New months get it with `entry`.
    "create index entry_of_person on entry (person_key) where person_key is not null",
    "create index person_key_erased on person_key (month) where erased is not null",
    # The access event of each request, as its bytes were first published. Nothing of the client stands in clear in it.
    # A request that is delivered again is told with the same bytes, and its data is not shown twice.
    """
    create table told (
        request uuid primary key,
        event_id uuid not null,
        key text not null,
        time timestamptz not null,
        body bytea not null,
        told_at timestamptz not null default now()
    )
    """,
    "create index told_at on told (told_at)",
)


def upgrade() -> None:
    """Create the indexes and the table."""
    for statement in STATEMENTS:
        op.execute(statement)
