"""What a rating saw: which transaction wrote a use, and the snapshot by which a period was rated.

Times cannot tell it: a use may be written before a closing begins and committed after. By snapshots every use is on one
side, so that a line of an invoice can be led back to exactly the uses that it counted. Rows from before belong to the
side "seen". Databases are moved by copying files (transaction numbers go on); restored from a dump into a new cluster,
explaining says that counts differ and explains nothing wrongly.
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table usage add column written xid8 not null default '3'",
    "alter table usage alter column written set default pg_current_xact_id()",
    "alter table worker_alias add column written xid8 not null default '3'",
    "alter table worker_alias alter column written set default pg_current_xact_id()",
    "alter table rating add column seen pg_snapshot not null default pg_current_snapshot()",
    "create index rating_of_document on rating (document) where document is not null",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
