"""What Kela announces, every version kept, and the faults that users reported. Nothing here names a client."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    create table announcement_version (
        id uuid not null,
        version int not null check (version >= 1),
        kind text not null check (kind in ('news', 'notice', 'break')),
        title_fi text not null check (title_fi <> ''),
        title_sv text not null check (title_sv <> ''),
        title_en text not null check (title_en <> ''),
        text_fi text not null check (text_fi <> ''),
        text_sv text not null check (text_sv <> ''),
        text_en text not null check (text_en <> ''),
        -- Business clock: when it holds; no end means until it is withdrawn.
        first timestamptz not null,
        last timestamptz check (last > first),
        withdrawn boolean not null,
        -- Who changed it (pseudonym), why, and when by the business clock.
        worker text not null check (worker <> ''),
        reason text not null check (reason <> ''),
        at timestamptz not null,
        -- SHA-256 of who sent it and the key of the form: what is sent twice is kept once.
        key bytea not null unique check (octet_length(key) = 32),
        primary key (id, version)
    )
    """,
    """
    create table fault_report (
        number bigint generated always as identity primary key,
        key bytea not null unique check (octet_length(key) = 32),
        organisation text not null,
        -- Pseudonym.
        worker text not null,
        page text not null,
        text text not null check (text <> ''),
        -- Business clock.
        at timestamptz not null
    )
    """,
    """
    create table fault_step (
        number bigint not null references fault_report,
        step int not null check (step >= 1),
        state text not null check (state in ('taken', 'solved')),
        remark text not null check (remark <> ''),
        worker text not null,
        at timestamptz not null,
        primary key (number, step)
    )
    """,
    "create index fault_report_of_worker on fault_report (worker, number desc)",
    """
    create function history_stays() returns trigger language plpgsql as
    $$ begin raise exception '% is append-only', tg_table_name; end $$
    """,
    *(
        f"""
        create trigger {table}_append_only before update or delete or truncate on {table}
        for each statement execute function history_stays()
        """
        for table in ("announcement_version", "fault_report", "fault_step")
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("history is not taken back")
