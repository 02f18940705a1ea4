"""What municipalities give back, the task to confirm amounts, and a change that waits for its hearing."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

STATEMENTS = (
    # One row a return (palautus), by the version of the claim that the act made. Its reason is with the step, sealed.
    """
    create table claim_return (
        claim uuid not null references claim,
        version int not null check (version >= 2),
        amount numeric(12, 2) not null check (amount > 0),
        day date not null,
        reference text not null,
        primary key (claim, version)
    )
    """,
    "create index claim_return_of_day on claim_return (day)",
    "create trigger claim_return_stays before update or delete on claim_return execute function append_only()",
    # `amounts_asked`: since when the worker is asked to confirm the monthly amounts; null: nothing is asked.
    # `widening`: a change that takes more than the client was heard about, until it is heard and decided (V15).
    """
    alter table claim
        add column amounts_asked date,
        add column widening jsonb
    """,
    "create index claim_of_worker on claim (worker)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
