"""Decided requests by their access event and client: a redisplay (golden R9) must name a look-up that was decided.

Who looked, when and under what stands in the kept event itself; only the client does not, for that part is sealed.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Pseudonym of the client; null where a request named none, and for what was decided before this version.
    "alter table decided add column client text",
    "create index decided_by_event on decided (event_id) where client is not null",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
