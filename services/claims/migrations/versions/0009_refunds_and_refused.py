"""What Kela refunds of a return, and how many of a worker's registrations were refused for what is known of the client."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

STATEMENTS = (
    # A negative amount is one that Kela paid back to the municipality.
    "alter table claim_return drop constraint claim_return_amount_check, add check (amount <> 0)",
    """
    alter table claim_dry_runs
        drop constraint claim_dry_runs_runs_check,
        add check (runs >= 0),
        add column refused int not null default 0 check (refused >= 0)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
