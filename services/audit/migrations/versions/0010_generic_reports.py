"""The generic reports as they were made, and of which months they were made."""

from alembic import op

revision = "0010"
down_revision = "0009"

STATEMENTS = (
    # Stays when the reports of the month are deleted after their time, so that they are not made again.
    """
    create table generic_report_month (
        month text primary key check (month ~ '^[0-9]{4}-[0-9]{2}$'),
        made timestamptz not null
    )
    """,
    """
    create table generic_report (
        id uuid primary key,
        month text not null references generic_report_month,
        organisation text not null,
        municipality text not null,
        content text not null,
        unique (month, municipality, organisation)
    )
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
