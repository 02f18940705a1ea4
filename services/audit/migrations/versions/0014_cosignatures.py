"""Witnesses' signatures on checkpoints."""

from alembic import op

revision = "0014"
down_revision = "0013"

STATEMENTS = (
    """
    create table cosignature (
        size bigint not null,
        witness text not null,
        line text not null,
        at timestamptz not null,
        primary key (size, witness)
    )
    """,
    """
    create trigger cosignature_is_append_only before update or delete or truncate on cosignature
    for each statement execute function log_is_append_only()
    """,
    """
    do $$
    declare
        service text := regexp_replace(current_user, '_owner$', '');
    begin
        if service <> current_user and exists (select from pg_roles where rolname = service) then
            execute format('revoke update, delete on cosignature from %I', service);
        end if;
    end
    $$
    """,
)


def upgrade() -> None:
    """Add the table."""
    for statement in STATEMENTS:
        op.execute(statement)
