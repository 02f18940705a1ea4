"""Gross and withheld of a payment, for the specification of settlements."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Null in what was written before: the register tells it again with the payment's next version, and an entry of
    # the books says for ever what was known when it was written.
    "alter table register_payment add column gross numeric(12, 2), add column withheld numeric(12, 2)",
    """
    alter table allocation
        add column gross numeric(12, 2),
        add column withheld numeric(12, 2),
        add constraint allocation_specified check (gross - withheld = net)
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
