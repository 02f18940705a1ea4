"""Usage, tallies, the folded agreements events, and invoices that nothing can change."""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    # Raw usage, one row an event. Deduplication for ever is the inbox's work, so months can be partitions here.
    """
    create table usage (
        event_id uuid not null,
        agreement text,
        member text,
        product text not null,
        time timestamptz not null,
        day date not null,
        worker text,
        recorded_at timestamptz not null default now()
    ) partition by range (day)
    """,
    "create table usage_other partition of usage default",
    # Counts of a day, kept in the transaction of the usage they count; '' stands for "none named".
    # Keys compare by bytes (collate "C"): these are the hottest indexes, and writers sort the same way.
    """
    create table tally (
        day date not null,
        agreement text collate "C" not null,
        member text collate "C" not null,
        product text collate "C" not null,
        quantity bigint not null,
        primary key (day, agreement, member, product)
    ) with (fillfactor = 80)
    """,
    # Who was active: a user counts once per agreement and month. Only ever added to, so that knowing one costs nothing.
    """
    create table active_user (
        month date not null,
        agreement text collate "C" not null,
        worker text collate "C" not null,
        primary key (month, agreement, worker)
    )
    """,
    """
    create table agreement_event (
        id bigint generated always as identity primary key,
        event_id uuid not null unique,
        type text not null,
        body bytea not null,
        recorded_at timestamptz not null default now()
    )
    """,
    """
    create table invoice_counter (
        series text not null,
        year int not null,
        last int not null,
        primary key (series, year)
    )
    """,
    """
    create table invoice (
        number text primary key,
        series text not null,
        year int not null,
        sequence int not null check (sequence >= 1),
        agreement text not null,
        payer text not null,
        book text not null,
        period text not null,
        total numeric(12, 2) not null,
        due date not null,
        issued_at timestamptz not null,
        document bytea not null,
        digest text not null check (digest = encode(sha256(document), 'hex')),
        recorded_at timestamptz not null default now(),
        unique (series, year, sequence),
        unique (agreement, book, period)
    )
    """,
    """
    create table rolled_over (
        agreement text not null,
        book text not null,
        period text not null,
        amount numeric(12, 2) not null,
        waived boolean not null,
        decided_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        primary key (agreement, book, period)
    )
    """,
    # One row a run that closed something; agreements_until says which agreements events it knew.
    """
    create table closing (
        id bigint generated always as identity primary key,
        book text not null,
        period text not null,
        closed_at timestamptz not null,
        agreements_until bigint not null,
        issued int not null,
        parked int not null,
        recorded_at timestamptz not null default now()
    )
    """,
    """
    create function refuse_change() returns trigger language plpgsql as $$
    begin
        raise exception '% rows never change: correct by a new document', tg_table_name
            using errcode = 'integrity_constraint_violation';
    end $$
    """,
    *(
        statement
        for table in ("invoice", "rolled_over", "agreement_event", "closing")
        for statement in (
            f"create trigger {table}_stays before update or delete on {table} "
            "for each row execute function refuse_change()",
            f"create trigger {table}_stays_whole before truncate on {table} "
            "for each statement execute function refuse_change()",
        )
    ),
)


def upgrade() -> None:
    for statement in (*BUS_V1, *STATEMENTS):
        op.execute(statement)
