"""Acts on claims by idempotency key, and what lists and the clock look for."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    # One row an act that took effect; a refused one does not use its key up.
    """
    create table claim_command (
        organisation text not null,
        idempotency_key text not null,
        content bytea not null,
        claim uuid references claim,
        answer jsonb,
        primary key (organisation, idempotency_key)
    )
    """,
    "create index claim_of_member on claim (member, arrived)",
    "create index claim_in_hand on claim (state, arrived) where state in"
    " ('registered', 'waiting_for_decision', 'in_hearing', 'accepted')",
    "create index claim_in_hearing on claim (hearing_deadline) where hearing_deadline is not null",
    "create index claim_that_ends on claim (last) where state in ('active', 'ending')",
    "create index claim_that_stops on claim (stops_from) where state = 'ending'",
    "create index allocation_of_time on allocation (at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
