"""What becomes of notices in the municipalities, and commands that were done.

`notice_record` holds what Kela sent; `notice` holds where and when it is seen and what workers did with it. Neither
holds an identity code: workers stand in it by pseudonym.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    create table notice (
        id text primary key,
        record_version int not null check (record_version >= 1),
        version int not null default 1 check (version >= 1),
        client text not null,
        type text not null,
        urgent boolean not null,
        sent_to text not null,
        municipality text not null,
        created timestamptz not null,
        visible timestamptz not null,
        due date,
        backlog date,
        parked text,
        state text not null default 'open' check (state in ('open', 'taken', 'done')),
        taken_by text,
        taken_at timestamptz,
        done_by text,
        done_at timestamptz,
        moved boolean not null default false,
        check ((state = 'open') = (taken_by is null)),
        check ((state = 'done') = (done_at is not null))
    )
    """,
    "create index notice_by_page on notice (municipality, visible, id) where parked is null",
    "create index notice_by_client on notice (client, municipality)",
    "create index notice_by_backlog on notice (sent_to, type, created, id) where backlog is not null",
    """
    create table notice_change (
        notice text not null references notice (id),
        version int not null,
        time timestamptz not null,
        action text not null check (action in ('take', 'done', 'move')),
        worker text not null,
        organisation text not null,
        from_municipality text not null,
        to_municipality text not null,
        request uuid not null,
        primary key (notice, version)
    )
    """,
    "create index notice_change_moved on notice_change (from_municipality, notice) where action = 'move'",
    # A command that was done, by the key it was sent with: a repeat gets the same answer.
    """
    create table command_done (
        organisation text not null,
        key text not null,
        digest bytea not null,
        answer jsonb not null,
        done_at timestamptz not null default now(),
        primary key (organisation, key)
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
