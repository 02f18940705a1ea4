"""The role of the service may add to the log and read it; only the owner of the tables could do more.

Migrations run as the owner (`kelmu_audit_owner`), the service logs in as `kelmu_audit`, which owns nothing: it can
neither change rows of the log nor switch off the triggers that forbid it. Where one role does both (a database of a
test), there is nobody to restrict.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    create function restrict(service text) returns void language plpgsql as
    $$
    declare
        part record;
    begin
        -- Working tables wholly, those of later migrations too; of the log, what adding to it needs.
        execute format('grant usage on schema public to %I', service);
        execute format('grant select, insert, update, delete on all tables in schema public to %I', service);
        execute format('grant usage on all sequences in schema public to %I', service);
        execute format('grant execute on function open_month(text) to %I', service);
        execute format('alter default privileges in schema public
            grant select, insert, update, delete on tables to %I', service);
        execute format('alter default privileges in schema public grant usage on sequences to %I', service);
        execute format('revoke update, delete on entry, entry_person, checkpoint, assignment, subtree from %I',
            service);
        -- The head moves, a key is emptied when it is erased; neither ever goes.
        execute format('revoke insert, delete on head from %I', service);
        execute format('revoke delete on person_key from %I', service);
        execute format('revoke insert, update, delete on alembic_version from %I', service);
        -- A partition is used through its parent.
        for part in select inhrelid::regclass as name from pg_inherits where inhparent = 'entry'::regclass loop
            execute format('revoke all on %s from %I', part.name, service);
        end loop;
    end
    $$
    """,
    """
    do $$
    declare
        service text := regexp_replace(current_user, '_owner$', '');
    begin
        if service <> current_user and exists (select from pg_roles where rolname = service) then
            perform restrict(service);
        end if;
    end
    $$
    """,
    "drop function restrict(text)",
)


def upgrade() -> None:
    """Restrict the service."""
    for statement in STATEMENTS:
        op.execute(statement)
