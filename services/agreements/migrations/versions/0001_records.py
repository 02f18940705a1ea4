"""The bus's tables, and every version of every record.

Rows are only ever added: the current record is the one with the highest version, and what was known at an instant is
the highest version recorded by then. A trigger refuses updates and deletes, whoever sends them.
"""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

RECORDS = (
    """
    create table record_version (
        kind text not null check (kind in ('organisation', 'agreement', 'mandate', 'population')),
        id text not null,
        version int not null check (version >= 1),
        body jsonb not null,
        recorded_at timestamptz not null,
        actor text not null check (actor <> ''),
        reason text not null check (reason <> ''),
        primary key (kind, id, version)
    )
    """,
    """
    create function record_version_stays() returns trigger language plpgsql as
    $$ begin raise exception 'record_version is append-only'; end $$
    """,
    """
    create trigger record_version_append_only before update or delete or truncate on record_version
    for each statement execute function record_version_stays()
    """,
)


def upgrade() -> None:
    for statement in (*BUS_V1, *RECORDS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("history is not taken back")
