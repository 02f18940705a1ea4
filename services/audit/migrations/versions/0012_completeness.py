"""What stands on Kafka by hour and agreement, what comparing it brought, and what retention erased."""

from alembic import op

revision = "0012"
down_revision = "0011"

STATEMENTS = (
    # Read from Kafka apart from the log: what the log would drop stands here. How far, says `consumer_offset`.
    """
    create table published_event (
        event_id uuid primary key,
        hour timestamptz not null,
        agreement text not null
    )
    """,
    "create index published_event_hour on published_event (hour)",
    # `ask` is the question to billing that is under way; `wanted` how far Kafka was read when it was asked.
    """
    create table compared_hour (
        hour timestamptz primary key,
        due boolean not null default true,
        ask uuid,
        wanted text,
        asked timestamptz,
        checked timestamptz
    )
    """,
    "create index compared_hour_due on compared_hour (hour) where due",
    """
    create table compared (
        hour timestamptz not null references compared_hour,
        agreement text not null,
        published bigint not null,
        audit bigint not null,
        billing bigint,
        state text not null check (state in ('waiting', 'ok', 'gap')),
        difference text,
        changes integer not null default 0,
        found timestamptz,
        closed timestamptz,
        primary key (hour, agreement)
    )
    """,
    "create index compared_gap on compared (hour) where state = 'gap'",
    # Kafka may have lost to retention what the log still holds: only what came after this row is compared.
    """
    create table comparing (
        single boolean primary key default true check (single),
        since timestamptz not null
    )
    """,
    # Which keys retention destroyed, by the month of their events; what comes late for a month is a run of its own.
    """
    create table retention_run (
        month text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
        run integer not null check (run > 0),
        at timestamptz not null,
        keys integer not null check (keys > 0),
        primary key (month, run)
    )
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        op.execute(statement)
