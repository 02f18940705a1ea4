"""The rest of the register: insurance, recovery, medicine ceilings, notices, withdrawn records and links.

What lists and rules select by is a column of its own, generated from the body, so that it cannot differ from it.
A link belongs to the person record that names it; it is read from both ends, whichever of the two named the other.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_KINDS = ("person", "application", "decision", "payment")
STATUS_KINDS = ("insurance", "recovery", "medicine")

STATEMENTS = (
    *(f"alter table {kind} add column withdrawn boolean not null default false" for kind in FIRST_KINDS),
    *(
        statement
        for kind in STATUS_KINDS
        for statement in (
            f"""
            create table {kind} (
                id text primary key,
                version int not null check (version >= 1),
                client text not null,
                body jsonb not null,
                withdrawn boolean not null default false
            )
            """,
            f"create index {kind}_by_client on {kind} (client)",
        )
    ),
    # eTotu: as Kela sent them; what becomes of them in the municipality stands in a table of its own.
    """
    create table notice_record (
        id text primary key,
        version int not null check (version >= 1),
        client text not null,
        body jsonb not null,
        withdrawn boolean not null default false,
        created timestamptz not null,
        municipality text generated always as (body ->> 'municipality') stored,
        type text generated always as (body ->> 'type') stored
    )
    """,
    "create index notice_record_by_client on notice_record (client, municipality)",
    "create index notice_record_by_municipality on notice_record (municipality, created)",
    # Lists: the persons of a municipality and their payments of one benefit.
    "alter table person add column municipality text generated always as (body ->> 'municipality') stored",
    "create index person_by_municipality on person (municipality, client)",
    "alter table payment add column benefit text generated always as (body ->> 'benefit') stored",
    "create index payment_by_benefit on payment (benefit, client)",
    # Kinship: each link of a person record. `kind` is what the other is to the client.
    """
    create table link (
        record text not null,
        client text not null,
        kind text not null,
        other text not null,
        primary key (record, client, kind, other)
    )
    """,
    """
    insert into link (record, client, kind, other)
    select person.id, person.client, named ->> 'kind', named ->> 'client'
    from person cross join jsonb_array_elements(coalesce(body -> 'links', '[]')) as named
    on conflict do nothing
    """,
    "create index link_by_client on link (client, kind, other)",
    "create index link_by_other on link (other, kind, client)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
