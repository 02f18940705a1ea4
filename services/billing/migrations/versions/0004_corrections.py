"""Corrections, demands for rectification, payments: each a row that never changes, beside documents that never do."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    # A document of corrections alone bears a period that has an invoice of its own.
    "drop index invoice_of_period",
    "create unique index invoice_of_period on invoice (agreement, book, period) "
    "where kind in ('usage_month', 'population_instalment')",
    "create index invoice_credits on invoice (credits) where credits is not null",
    """
    create table rating (
        agreement text not null,
        book text not null,
        period text not null,
        ordinal int not null check (ordinal >= 1),
        correction boolean not null,
        basis text not null,
        rated numeric(12, 2) not null,
        charged numeric(12, 2) not null,
        given_back numeric(12, 2) not null check (given_back >= 0),
        document text references invoice (number),
        agreements_until bigint not null,
        rated_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        primary key (book, period, agreement, ordinal)
    )
    """,
    """
    create table demand (
        id text primary key,
        invoice text not null references invoice (number),
        row int,
        received date not null,
        grounds text not null,
        kela_erred boolean not null,
        registered_at timestamptz not null,
        recorded_at timestamptz not null default now(),
        foreign key (invoice, row) references charge (document, row)
    )
    """,
    "create index demand_of_invoice on demand (invoice)",
    """
    create table decision (
        demand text primary key references demand (id),
        outcome text not null,
        amount numeric(12, 2) not null check (amount >= 0),
        grounds text not null,
        document text references invoice (number),
        decided_at timestamptz not null,
        recorded_at timestamptz not null default now()
    )
    """,
    # A payment is what the bank says once: its reference (arkistointitunnus) is its identity.
    """
    create table payment (
        reference text primary key,
        invoice text not null references invoice (number),
        amount numeric(12, 2) not null check (amount <> 0),
        paid_on date not null,
        registered_at timestamptz not null,
        recorded_at timestamptz not null default now()
    )
    """,
    "create index payment_of_invoice on payment (invoice)",
    """
    create table settlement (
        invoice text primary key references invoice (number),
        paid numeric(12, 2) not null,
        credited numeric(12, 2) not null,
        settled_at timestamptz not null,
        recorded_at timestamptz not null default now()
    )
    """,
    *(
        statement
        for table in ("rating", "demand", "decision", "payment", "settlement")
        for statement in (
            f"create trigger {table}_stays before update or delete on {table} "
            "for each row execute function refuse_change()",
            f"create trigger {table}_stays_whole before truncate on {table} "
            "for each statement execute function refuse_change()",
        )
    ),
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
