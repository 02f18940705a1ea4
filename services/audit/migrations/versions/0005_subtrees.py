"""Hashes of complete subtrees, so that the proof of any entry takes a few rows; those of the log so far are worked out."""

from alembic import op
from sqlalchemy import text

from services.audit.domain.merkle import CompactRange
from services.audit.proof_store import Completed

revision = "0005"
down_revision = "0004"

STATEMENTS = (
    """
    create table subtree (
        height smallint not null check (height >= 8),
        position bigint not null check (position >= 0),
        hash bytea not null check (octet_length(hash) = 32),
        primary key (height, position)
    )
    """,
    """
    create trigger subtree_is_append_only before update or delete or truncate on subtree
    for each statement execute function log_is_append_only()
    """,
)
_PORTION = 65_536


def upgrade() -> None:
    """Create the table and fill it."""
    for statement in STATEMENTS:
        op.execute(statement)
    conn, tree = op.get_bind(), CompactRange()
    while True:
        rows = conn.execute(
            text("select leaf_hash from entry where seq >= :low and seq < :high order by seq"),
            {"low": tree.size, "high": tree.size + _PORTION},
        ).all()
        if not rows:
            return
        completed = Completed()
        tree = tree.extend([bytes(row[0]) for row in rows], completed)
        if completed.rows:
            conn.execute(
                text("insert into subtree (height, position, hash) values (:height, :position, :hash)"),
                [{"height": h, "position": p, "hash": found} for h, p, found in completed.rows],
            )
