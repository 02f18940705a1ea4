"""The head only grows, and what the service has taken in stays known: it may move neither back, with its own role.

A head that is moved back, or replaced at the same size, would have the service sign another tree than its entries give;
an id that is forgotten would be logged a second time.
"""

from alembic import op

revision = "0015"
down_revision = "0014"

STATEMENTS = (
    """
    create function head_only_grows() returns trigger language plpgsql as
    $$ begin raise exception 'the head only grows: % on head', tg_op; end $$
    """,
    """
    create trigger head_only_grows before update on head
    for each row when (
        new.size < old.size or new.erasures < old.erasures or new.month < old.month
        or new.month_first < old.month_first
        or (new.size = old.size and (new.peaks, new.root) is distinct from (old.peaks, old.root))
    ) execute function head_only_grows()
    """,
    """
    create trigger head_stays before delete or truncate on head
    for each statement execute function head_only_grows()
    """,
    """
    create trigger inbox_is_append_only before update or delete or truncate on inbox
    for each statement execute function log_is_append_only()
    """,
    """
    do $$
    declare
        service text := regexp_replace(current_user, '_owner$', '');
        part record;
    begin
        if service <> current_user and exists (select from pg_roles where rolname = service) then
            execute format('revoke update, delete on inbox, retention_run, generic_report_month from %I', service);
            for part in select inhrelid::regclass as name from pg_inherits where inhparent = 'inbox'::regclass loop
                execute format('revoke all on %s from %I', part.name, service);
            end loop;
        end if;
    end
    $$
    """,
)


def upgrade() -> None:
    """Protect the head and the inbox."""
    for statement in STATEMENTS:
        op.execute(statement)
