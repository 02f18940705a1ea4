"""Faults of refused commands in three languages.

Answers are kept so that a repeated command is answered alike. Those kept so far were English only: the same words
stand in all three languages from here on.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    update command set answer = jsonb_set(answer, '{faults}', (
        select coalesce(jsonb_agg(fault || jsonb_build_object(
            'reason', jsonb_build_object('fi', fault->'reason', 'sv', fault->'reason', 'en', fault->'reason'),
            'advice', jsonb_build_object('fi', fault->'advice', 'sv', fault->'advice', 'en', fault->'advice')
        ) order by place), '[]'::jsonb)
        from jsonb_array_elements(answer->'faults') with ordinality as each (fault, place)
        where jsonb_typeof(fault->'reason') = 'string'
    ))
    where answer->>'kind' = 'changes_refused'
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("history is not taken back")
