"""Reversed usage: a row of its own that takes one use back; reversals that wait for their use; renamed workers."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    # A reversal is a row like any other, on the day of what it takes back: sums over rows and tallies stay one rule.
    """
    alter table usage
        add column quantity smallint not null default 1 check (quantity in (1, -1)),
        add column reverses uuid,
        add constraint usage_reversing check ((quantity = -1) = (reverses is not null))
    """,
    "create index usage_reverses on usage (reverses) where reverses is not null",
    # `time` and `day` are those of the use. Waiting: the use has not come yet. Superseded: it was reversed before.
    """
    create table reversal (
        event_id uuid primary key,
        of uuid not null,
        agreement text,
        member text,
        time timestamptz not null,
        day date not null,
        reason text not null,
        source text not null check (source in ('access', 'clerk')),
        state text not null check (state in ('waiting', 'applied', 'superseded')),
        recorded_at timestamptz not null default now()
    )
    """,
    "create unique index reversal_once on reversal (of) where state <> 'superseded'",
    "create index reversal_waiting on reversal (of) where state = 'waiting'",
    "create index reversal_of_day on reversal (day)",
    # What is charged: every use but the reversed ones and what reversed them.
    """
    create view usage_in_effect as
    select u.* from usage u
    where u.quantity = 1
      and not exists (select from usage r where r.reverses = u.event_id and r.day = u.day)
    """,
    # One person under two pseudonyms, because the pseudonym key got a new version: counted once (golden G11).
    """
    create table worker_alias (
        worker text primary key,
        same_as text not null check (same_as <> worker),
        recorded_at timestamptz not null default now()
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
