"""Rows of keys stay: erasing empties a row and says when; a row that is gone would hide what was done to it."""

from alembic import op

revision = "0002"
down_revision = "0001"

STATEMENTS = (
    """
    create function person_key_stays() returns trigger language plpgsql as
    $$ begin raise exception 'keys are erased, never removed or rewritten: % on person_key', tg_op; end $$
    """,
    """
    create trigger person_key_is_never_removed before delete or truncate on person_key
    for each statement execute function person_key_stays()
    """,
    # The one change there is: a living key is erased. The table's own check empties the rest with it.
    """
    create trigger person_key_is_only_erased before update on person_key
    for each row when (
        old.erased is not null or new.erased is null
        or (new.id, new.month, new.made) is distinct from (old.id, old.month, old.made)
    ) execute function person_key_stays()
    """,
)


def upgrade() -> None:
    """Protect the rows of keys."""
    for statement in STATEMENTS:
        op.execute(statement)
