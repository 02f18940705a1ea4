"""Claims, their numbers, and what came of each registration."""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

STATEMENTS = (
    # The row that is locked before anything of a client is judged or changed.
    "create table client (pseudonym text primary key)",
    """
    create table claim (
        id uuid primary key,
        number text not null unique,
        version int not null check (version >= 1),
        state text not null,
        organisation text not null,
        member text not null,
        agreement text not null,
        channel text not null,
        worker text not null,
        client text not null references client,
        benefit text not null,
        ground text not null,
        first date not null,
        last date,
        amount numeric(12, 2) check (amount > 0),
        account text not null,
        reference text not null,
        assistance text,
        arrived timestamptz not null,
        effective_payday date,
        earliest date,
        missed_paydays date[] not null,
        notices text[] not null,
        personal text not null,
        registered_at timestamptz not null default now(),
        check (last is null or first <= last),
        check (effective_payday is null or earliest is null)
    )
    """,
    "create index claim_of_client on claim (client)",
    "create index claim_of_organisation on claim (organisation, arrived)",
    # One row an idempotency key. Only a registered claim uses the key up; a refusal may be followed by another try.
    """
    create table registration (
        organisation text not null,
        idempotency_key text not null,
        request uuid not null,
        content bytea not null,
        claim uuid references claim,
        refusal jsonb,
        event uuid,
        primary key (organisation, idempotency_key),
        check (num_nonnulls(claim, refusal) <= 1)
    )
    """,
    "create table claim_number (year int primary key, last int not null)",
)


def upgrade() -> None:
    for statement in (*BUS_V1, *STATEMENTS):
        op.execute(statement)
