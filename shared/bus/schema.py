"""The tables that the bus needs in each service's database, as the SQL of their first migration.

Frozen: a change is a new tuple (`BUS_V2`) and a new migration in each service, never an edit here.
"""

from typing import Final

INBOX_PARTITIONS: Final = 8

BUS_V1: Final = (
    # Dedupe has no time limit: an event may come again after years. Hash partitions keep each index small.
    """
    create table inbox (
        event_id uuid not null,
        digest bytea not null,
        primary key (event_id)
    ) partition by hash (event_id)
    """,
    *(
        f"create table inbox_{n} partition of inbox for values with (modulus {INBOX_PARTITIONS}, remainder {n})"
        for n in range(INBOX_PARTITIONS)
    ),
    # The consumer's own position, committed with its effects; Kafka's copy serves lag displays only.
    """
    create table consumer_offset (
        consumer text not null,
        topic text not null,
        partition int not null,
        next_offset bigint not null check (next_offset >= 0),
        primary key (consumer, topic, partition)
    )
    """,
    """
    create table outbox (
        id bigint generated always as identity primary key,
        topic text not null,
        key bytea not null,
        event_id uuid not null,
        type text not null,
        source text not null,
        time timestamptz not null,
        body bytea not null,
        sent_at timestamptz
    )
    """,
    "create index outbox_unsent on outbox (id) where sent_at is null",
    """
    create function outbox_woken() returns trigger language plpgsql as
    $$ begin notify outbox; return null; end $$
    """,
    "create trigger outbox_wakes after insert on outbox for each statement execute function outbox_woken()",
    # What could not take effect, with its reason and its bytes; replayed by an operator (invariant 3).
    """
    create table quarantine (
        id bigint generated always as identity primary key,
        consumer text not null,
        topic text not null,
        partition int not null,
        record_offset bigint not null,
        code text not null,
        reason text not null,
        key bytea,
        value bytea not null,
        headers jsonb not null,
        record_time timestamptz not null,
        quarantined_at timestamptz not null default now(),
        replayed_at timestamptz,
        unique (consumer, topic, partition, record_offset)
    )
    """,
)
