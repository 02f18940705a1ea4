"""The life of a claim, what allocation needs of the register, and the books: who got what of each payment."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    # `advances`: euros by month, {"2016-12": "120.00"}. `care`: by the month from which it holds,
    # {"2017-02": {"fee": "480.00", "income": "600.00", "others": "0.00"}}. `stops_from`: of payments with this payday
    # or a later one nothing is taken (end notice); null: nothing has ended it.
    """
    alter table claim
        add column origin date,
        add column advances jsonb not null default '{}',
        add column care jsonb not null default '{}',
        add column in_time boolean not null default false,
        add column hearing_deadline date,
        add column stops_from date,
        add column end_reason text
    """,
    # One row an act that took effect; `reason` is sealed, for people write names into it.
    """
    create table claim_step (
        claim uuid not null references claim,
        version int not null check (version >= 1),
        act text not null,
        state text not null,
        party text not null,
        worker text,
        at timestamptz not null,
        reason text,
        primary key (claim, version)
    )
    """,
    """
    create table kela_claim (
        id uuid primary key,
        version int not null check (version >= 1),
        client text not null,
        benefit text not null,
        decided date not null,
        arrived timestamptz not null,
        first date not null,
        last date,
        stops_from date,
        advances jsonb not null,
        personal text not null
    )
    """,
    "create index kela_claim_of_client on kela_claim (client)",
    """
    create table register_person (
        id text primary key, version int not null, client text not null, died date, withdrawn boolean not null
    )
    """,
    "create index register_death_of_client on register_person (client) where died is not null",
    """
    create table register_decision (
        id text primary key,
        version int not null,
        client text not null,
        benefit text not null,
        decided date not null,
        granted boolean not null,
        first date,
        last date,
        payee text not null,
        withdrawn boolean not null
    )
    """,
    "create index register_decision_of_payee on register_decision (payee)",
    # `payee`: by the decision, as far as it is known: a claim is on the person to whom the benefit is paid.
    """
    create table register_payment (
        id text primary key,
        version int not null,
        client text not null,
        payee text not null,
        decision text not null,
        benefit text not null,
        payday date not null,
        first date not null,
        last date not null,
        net numeric(12, 2) not null,
        paid_to text not null,
        withdrawn boolean not null
    )
    """,
    "create index register_payment_of_payee on register_payment (payee, payday)",
    "create index register_payment_of_decision on register_payment (decision)",
    # Append-only: the newest entry of a payment stands, the others stay on record. Without any it is all the client's.
    # `holds`: a part of it is held back. `client`: to whom it was paid then.
    """
    create table allocation (
        payment text not null,
        entry int not null check (entry >= 1),
        payment_version int not null,
        client text not null,
        benefit text not null,
        payday date not null,
        first date not null,
        last date not null,
        net numeric(12, 2) not null check (net >= 0),
        to_client numeric(12, 2) not null check (to_client >= 0),
        holds boolean not null,
        why text not null,
        at timestamptz not null,
        event uuid not null,
        primary key (payment, entry)
    )
    """,
    "create index allocation_of_client on allocation (client, payment, entry)",
    "create index allocation_of_payday on allocation (payday)",
    "create index allocation_that_holds on allocation (payment, entry) where holds",
    """
    create table allocation_share (
        payment text not null,
        entry int not null,
        position int not null,
        claim uuid not null,
        month text not null,
        amount numeric(12, 2) not null check (amount > 0),
        held boolean not null,
        body text not null,
        primary key (payment, entry, claim, month),
        foreign key (payment, entry) references allocation
    )
    """,
    "create index allocation_share_of_claim on allocation_share (claim)",
    "create index allocation_share_of_body on allocation_share (body)",
    """
    create function append_only() returns trigger language plpgsql as
    $$ begin raise exception 'the books are append-only'; end $$
    """,
    "create trigger allocation_stays before update or delete on allocation execute function append_only()",
    "create trigger allocation_share_stays before update or delete on allocation_share execute function append_only()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
