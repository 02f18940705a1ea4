"""Orders for specific reports, and how they were decided. Of the persons only pseudonyms; words are sealed."""

from alembic import op

revision = "0013"
down_revision = "0012"

STATEMENTS = (
    """
    create table specific_report (
        id uuid primary key,
        organisation text not null,
        about text not null check (about in ('worker', 'client')),
        subject text not null,
        first date not null,
        last date not null check (last >= first),
        asked_by text not null,
        asked_at timestamptz not null,
        sealed text not null,
        state text not null check (state in ('asked', 'approved', 'refused')),
        decided_by text,
        decided_at timestamptz,
        check ((state = 'asked') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
        check (decided_by <> asked_by)
    )
    """,
    "create index specific_report_of on specific_report (organisation, asked_at)",
)


def upgrade() -> None:
    """Create the table."""
    for statement in STATEMENTS:
        op.execute(statement)
