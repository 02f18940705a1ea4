"""Entries lie in one partition for each month in which they were received: a range of their numbers.

Readers go on using `seq`, which stays the key. What was logged so far becomes the first range, moved as it is.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    # The month of the open range and its first entry stand beside the head, which every batch locks anyway.
    """
    alter table head
        add column month text not null default to_char(now() at time zone 'Europe/Helsinki', 'YYYY-MM'),
        add column month_first bigint not null default 0
    """,
    "drop trigger entry_is_append_only on entry",
    # Two events of one id never both reach the log: the inbox sees to that. The index finds an entry by its event.
    "alter table entry drop constraint entry_event_id_key",
    "drop index entry_counted_on",
    "alter table entry rename constraint entry_pkey to entry_before_pkey",
    "alter table entry rename to entry_before",
    """
    create table entry (like entry_before including defaults including constraints) partition by range (seq)
    """,
    "alter table entry add primary key (seq)",
    "create index entry_event_id on entry (event_id)",
    "create index entry_counted_on on entry using brin (counted_on) with (pages_per_range = 32, autosummarize = on)",
    "alter table entry attach partition entry_before for values from (0) to (maxvalue)",
    """
    create trigger entry_is_append_only before update or delete or truncate on entry
    for each statement execute function log_is_append_only()
    """,
    # A trigger for statements does not reach the partitions: each has its own.
    """
    do $$
    declare
        name text := 'entry_' || (select replace(month, '-', '_') from head);
    begin
        execute format('alter table entry_before rename to %I', name);
        execute format(
            'create trigger entry_is_append_only before update or delete or truncate on %I
             for each statement execute function log_is_append_only()', name);
    end
    $$
    """,
    # Closing scans the month that ends, once, to prove its bounds. The service may call this and nothing else of the
    # kind; it changes no row but the head's month.
    """
    create function open_month(wanted text) returns void language plpgsql
    security definer set search_path = public, pg_temp as
    $$
    declare
        place head%rowtype;
        old text;
        new text := 'entry_' || replace(wanted, '-', '_');
        reader regrole;
    begin
        if wanted !~ '^[0-9]{4}-[0-9]{2}$' then
            raise exception 'a month is written YYYY-MM' using errcode = '22023';
        end if;
        select * into place from head for update;
        if wanted <= place.month then
            return;
        end if;
        old := 'entry_' || replace(place.month, '-', '_');
        if place.size = place.month_first then
            execute format('alter table %I rename to %I', old, new);
        else
            execute format('alter table entry detach partition %I', old);
            execute format('alter table entry attach partition %I for values from (%s) to (%s)',
                old, place.month_first, place.size);
            execute format('create table %I partition of entry for values from (%s) to (maxvalue)',
                new, place.size);
            execute format(
                'create trigger entry_is_append_only before update or delete or truncate on %I
                 for each statement execute function log_is_append_only()', new);
            -- Default privileges reach the new table too; but a partition is used through its parent.
            for reader in
                select acl.grantee from pg_class c, aclexplode(c.relacl) acl
                where c.oid = new::regclass and acl.grantee not in (0, c.relowner) group by 1
            loop
                execute format('revoke all on %I from %s', new, reader);
            end loop;
        end if;
        update head set month = wanted, month_first = place.size;
    end
    $$
    """,
    "revoke execute on function open_month(text) from public",
)


def upgrade() -> None:
    """Divide the entries."""
    for statement in STATEMENTS:
        op.execute(statement)
