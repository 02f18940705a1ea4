"""A decided request is known for ever, so that its id never stands for another; what was decided is forgotten in time.

Over the interface a request's id follows from the caller's own key, which may come again in years. Of an old one
nothing is left but that it was decided: neither whom it was about nor the event's bytes, which are long in the log.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    alter table decided
        alter column key drop not null,
        alter column time drop not null,
        alter column body drop not null,
        add constraint forgotten_whole
            check ((body is null) = (key is null) and (body is null) = (time is null)
                and (body is not null or client is null))
    """,
    # Only what may still be forgotten: what is known for ever is looked for by its request alone.
    "drop index decided_by_age",
    "create index decided_by_age on decided (decided_at) where body is not null",
    # The access event of the command that was done: a repeat's event names it. Null for what was done before.
    "alter table command_done add column event_id uuid",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
