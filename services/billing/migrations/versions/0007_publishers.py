"""A use remembers the service that made it; a reversal who told it: it takes effect on that service's own uses only.

Uses from before have no service: only lookup reversed any of them. A clerk's reversals are billing's.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STATEMENTS = (
    # A view of all columns has those of the day on which it was made.
    "drop view usage_in_effect",
    "alter table usage add column service text",
    """
    create view usage_in_effect as
    select u.* from usage u
    where u.quantity = 1
      and not exists (select from usage r where r.reverses = u.event_id and r.day = u.day)
    """,
    "alter table reversal add column service text",
    "update reversal set service = case source when 'clerk' then 'billing' else 'lookup' end",
    "alter table reversal alter column service set not null",
    # Foreign: its use is there and is another service's.
    "alter table reversal drop constraint reversal_state_check",
    "alter table reversal add constraint reversal_state_check "
    "check (state in ('waiting', 'applied', 'superseded', 'foreign'))",
    "drop index reversal_once",
    "create unique index reversal_once on reversal (of, day, service) where state in ('waiting', 'applied')",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
