"""Who else an entry is about: each client on a page of a list is found from the entry, and erased with it."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    """
    create table entry_person (
        person_key bigint not null,
        seq bigint not null,
        primary key (person_key, seq)
    )
    """,
    """
    create trigger entry_person_is_append_only before update or delete or truncate on entry_person
    for each statement execute function log_is_append_only()
    """,
)


def upgrade() -> None:
    """Create the table."""
    for statement in STATEMENTS:
        op.execute(statement)
