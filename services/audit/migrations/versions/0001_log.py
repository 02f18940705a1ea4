"""The log: entries, the tree's head, signed checkpoints, and the keys of personal parts."""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None

STATEMENTS = (
    # `leaf` is what the tree commits to; id, type and time stand beside it to be searched. The personal part is
    # sealed under a key of its own person and month: destroying that key erases it and touches no leaf.
    """
    create table entry (
        seq bigint primary key check (seq >= 0),
        event_id uuid not null unique,
        type text not null,
        topic text not null,
        time timestamptz not null,
        leaf bytea not null,
        leaf_hash bytea not null check (octet_length(leaf_hash) = 32),
        person_key bigint,
        personal bytea,
        personal_state text not null
            check (personal_state in ('none', 'sealed', 'mismatch', 'unsealable', 'raw')),
        received timestamptz not null,
        check ((person_key is null) = (personal is null))
    )
    """,
    """
    create function log_is_append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the log is append-only: % on %', tg_op, tg_table_name; end $$
    """,
    """
    create trigger entry_is_append_only before update or delete or truncate on entry
    for each statement execute function log_is_append_only()
    """,
    # One row. `erasures` counts destroyed keys: whoever holds this row knows whether its cached keys still live.
    """
    create table head (
        single boolean primary key default true check (single),
        size bigint not null,
        peaks bytea[] not null,
        root bytea not null check (octet_length(root) = 32),
        erasures bigint not null default 0
    )
    """,
    "insert into head (size, peaks, root) values (0, '{}', sha256(''))",
    """
    create table checkpoint (
        size bigint primary key check (size >= 0),
        note text not null,
        at timestamptz not null
    )
    """,
    """
    create trigger checkpoint_is_append_only before update or delete or truncate on checkpoint
    for each statement execute function log_is_append_only()
    """,
    # `person` is a pseudonym, never an identity code. Erasing empties both, and the row says that and when.
    """
    create table person_key (
        id bigint generated always as identity primary key,
        person text,
        month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
        wrapped text,
        made timestamptz not null default now(),
        erased timestamptz,
        check ((erased is null) = (wrapped is not null) and (erased is null) = (person is not null))
    )
    """,
    "create unique index person_key_alive on person_key (person, month) where erased is null",
)


def upgrade() -> None:
    """Create everything."""
    for statement in (*BUS_V1, *STATEMENTS):
        op.execute(statement)
