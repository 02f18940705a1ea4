"""What the witness has signed, and what it refused."""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None

STATEMENTS = (
    # The newest row is the witness's whole memory: it never signs a smaller log than this, nor another one.
    """
    create table signed (
        size bigint primary key check (size >= 0),
        root bytea not null check (octet_length(root) = 32),
        cosignature text not null,
        at timestamptz not null
    )
    """,
    """
    create function witness_never_forgets() returns trigger language plpgsql as
    $$ begin raise exception 'what was signed stays: % on %', tg_op, tg_table_name; end $$
    """,
    """
    create trigger signed_stays before update or delete or truncate on signed
    for each statement execute function witness_never_forgets()
    """,
    """
    create table refusal (
        id bigint generated always as identity primary key,
        event_id uuid not null unique,
        finding text not null check (finding in ('unsigned', 'smaller', 'forked', 'unproven')),
        reason text not null,
        size bigint not null,
        root bytea not null,
        note text not null,
        at timestamptz not null,
        acknowledged timestamptz,
        explanation text,
        check ((acknowledged is null) = (explanation is null))
    )
    """,
    "create index refusal_open on refusal (id) where acknowledged is null",
)


def upgrade() -> None:
    """Create everything."""
    for statement in (*BUS_V1, *STATEMENTS):
        op.execute(statement)
