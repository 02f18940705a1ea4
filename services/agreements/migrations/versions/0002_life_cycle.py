"""More kinds of record, commands that are answered alike when repeated, and when workers were last seen.

A command is kept with a digest of its content and with its answer: the same key with the same content is the same
command, whatever became of the process in between.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table record_version drop constraint record_version_kind_check",
    """
    alter table record_version add constraint record_version_kind_check check (kind in (
        'organisation', 'agreement', 'mandate', 'population', 'delegation', 'responsibility', 'user', 'path'
    ))
    """,
    """
    create index record_version_mandates on record_version ((body->>'worker')) where kind = 'mandate'
    """,
    """
    create index record_version_agreements on record_version ((body->>'party')) where kind = 'agreement'
    """,
    """
    create table command (
        organisation text not null,
        idempotency_key text not null,
        request uuid not null,
        content bytea not null,
        answer jsonb not null,
        done_at timestamptz not null,
        primary key (organisation, idempotency_key)
    )
    """,
    """
    create table user_seen (
        organisation text not null,
        worker text not null,
        last date not null,
        primary key (organisation, worker)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("history is not taken back")
