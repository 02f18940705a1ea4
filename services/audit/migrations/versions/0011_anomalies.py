"""What the anomaly rules count, and the alerts that they raise with their steps.

Counts name clients by pseudonym; erasing anything of a client forgets them here. They can be counted again from the
log, and rows older than the longest limit are deleted.
"""

from alembic import op

revision = "0011"
down_revision = "0010"

STATEMENTS = (
    # `next` is the first entry that was not looked at yet.
    """
    create table anomaly_position (
        single boolean primary key default true check (single),
        next bigint not null check (next >= 0)
    )
    """,
    "insert into anomaly_position (next) values (0)",
    """
    create table anomaly_day (
        organisation text not null,
        worker text not null,
        day date not null,
        look_ups integer not null check (look_ups > 0),
        entries bigint[] not null,
        night bigint[] not null,
        primary key (organisation, worker, day)
    )
    """,
    "create index anomaly_day_day on anomaly_day (day)",
    # Different ones: who looked at a person, which persons were looked up under one case, and so on.
    """
    create table anomaly_mark (
        kind text not null,
        key text not null,
        element text not null,
        person text not null,
        unit text not null,
        day date not null,
        seq bigint not null,
        primary key (kind, key, element)
    )
    """,
    "create index anomaly_mark_day on anomaly_mark (day)",
    "create index anomaly_mark_person on anomaly_mark (person)",
    # Look-ups for claims that wait for a claim.
    """
    create table anomaly_open (
        organisation text not null,
        person text not null,
        worker text not null,
        day date not null,
        due date not null,
        seq bigint not null,
        primary key (organisation, person, worker)
    )
    """,
    "create index anomaly_open_due on anomaly_open (due, seq)",
    "create index anomaly_open_person on anomaly_open (person)",
    """
    create table anomaly_month (
        organisation text not null,
        worker text not null,
        month text not null,
        followed integer not null,
        unfollowed integer not null,
        entries bigint[] not null,
        primary key (organisation, worker, month)
    )
    """,
    # A worker by the pseudonym that the same person has as a client.
    """
    create table anomaly_worker (
        organisation text not null,
        worker text not null,
        as_client text not null,
        primary key (organisation, worker)
    )
    """,
    "create index anomaly_worker_as_client on anomaly_worker (as_client)",
    """
    create table anomaly_duty (
        id text primary key,
        version integer not null,
        organisation text not null,
        worker text not null,
        emergency boolean not null,
        first date not null,
        last date
    )
    """,
    "create index anomaly_duty_worker on anomaly_duty (organisation, worker)",
    """
    create table alert (
        id uuid primary key,
        organisation text,
        rule text not null,
        time timestamptz not null,
        found timestamptz not null,
        body text not null,
        state text not null default 'open' check (state in ('open', 'acknowledged', 'closed')),
        version integer not null default 1
    )
    """,
    "create index alert_newest on alert (organisation, time desc, id)",
    """
    create table alert_step (
        alert uuid not null references alert,
        version integer not null,
        step text not null check (step in ('acknowledge', 'close')),
        reason text check ((reason is not null) = (step = 'close')),
        by_worker text not null,
        by_organisation text not null,
        at timestamptz not null,
        idempotency text not null unique,
        primary key (alert, version)
    )
    """,
    # Erasing empties the person of a key (0002); what the rules count of that person goes with it.
    """
    create function anomalies_forget() returns trigger language plpgsql as
    $$
    begin
        delete from anomaly_mark where person = old.person;
        delete from anomaly_open where person = old.person;
        delete from anomaly_worker where as_client = old.person;
        return null;
    end
    $$
    """,
    """
    create trigger anomalies_forget after update on person_key
    for each row when (old.erased is null and new.erased is not null) execute function anomalies_forget()
    """,
)


def upgrade() -> None:
    """Create everything."""
    for statement in STATEMENTS:
        op.execute(statement)
