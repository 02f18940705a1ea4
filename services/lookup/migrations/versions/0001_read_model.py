"""The bus's tables, the read model of the benefit register and of claims, and the decided look-ups.

A record's body is the JSON that its contract was read from: validated when it came in, read by the same contract
when it is shown. Beside it stands only what look-ups select by. The read model can be rebuilt from the topics;
`decided` cannot.
"""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

REGISTER = tuple(
    statement
    for kind in ("person", "application", "decision", "payment")
    for statement in (
        f"""
        create table {kind} (
            id text primary key,
            version int not null check (version >= 1),
            client text not null,
            body jsonb not null
        )
        """,
        f"create index {kind}_by_client on {kind} (client)",
    )
)

OWN = (
    # Payment claims: what the person page shows of them, no identity code.
    """
    create table claim (
        id uuid primary key,
        version int not null check (version >= 1),
        client text not null,
        organisation text not null,
        body jsonb not null
    )
    """,
    "create index claim_by_client on claim (client, organisation)",
    # The access event of each request, as its bytes were first published: a redelivered request repeats them.
    """
    create table decided (
        request uuid primary key,
        event_id uuid not null,
        key bytea not null,
        time timestamptz not null,
        body bytea not null,
        decided_at timestamptz not null default now()
    )
    """,
    "create index decided_by_age on decided (decided_at)",
)


def upgrade() -> None:
    for statement in (*BUS_V1, *REGISTER, *OWN):
        op.execute(statement)
