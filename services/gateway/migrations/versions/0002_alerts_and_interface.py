"""What the gateway reads from the bus, when emergency overrides began, and the pace of the interface."""

from alembic import op

from shared.bus.schema import BUS_V1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Emergency overrides as access.alerts tells of them: nothing here names a client.
    """
    create table alert (
        access_event uuid primary key,
        -- Business clock.
        time timestamptz not null,
        organisation text not null,
        member text not null,
        worker text not null,
        -- System clock: alerts leave with the topic's own retention.
        received timestamptz not null default now()
    )
    """,
    "create index alert_of_organisation on alert (organisation, time desc)",
    # The key is a keyed hash of worker, organisation and client: the table alone names nobody.
    """
    create table override (
        key bytea primary key check (octet_length(key) = 32),
        -- Business clock.
        began timestamptz not null
    )
    """,
    """
    create table interface_pace (
        agreement text not null,
        -- System clock.
        minute timestamptz not null,
        calls int not null check (calls > 0),
        primary key (agreement, minute)
    )
    """,
)


def upgrade() -> None:
    for statement in (*BUS_V1, *STATEMENTS):
        op.execute(statement)
