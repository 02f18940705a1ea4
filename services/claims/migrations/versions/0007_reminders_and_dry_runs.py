"""Reminders that were given, and how often a worker asked what registering would give."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    # One row a reminder that was given: of what, due on which Helsinki day. It stands on the lists while its cause does.
    """
    create table claim_reminder (
        claim uuid not null references claim,
        kind text not null,
        due date not null,
        event uuid not null unique,
        told timestamptz not null,
        primary key (claim, kind, due)
    )
    """,
    "create index claim_that_runs on claim (last) where state in ('active', 'ending', 'suspended')",
    # `worker` is a pseudonym, `day` the Helsinki day; rows of days gone by are deleted.
    """
    create table claim_dry_runs (
        worker text not null,
        day date not null,
        runs int not null check (runs >= 1),
        primary key (worker, day)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
