"""Charges: what each line of each document charges for, so that a period's documents can be summed; credit notes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "alter table invoice disable trigger invoice_stays",
    "alter table invoice add column kind text, add column credits text references invoice (number)",
    "update invoice set kind = case series when 'K' then 'usage_month' else 'population_instalment' end",
    "alter table invoice alter column kind set not null",
    "alter table invoice enable trigger invoice_stays",
    # A period is invoiced once; any number of credit notes may take back from it.
    "alter table invoice drop constraint invoice_agreement_book_period_key",
    "create unique index invoice_of_period on invoice (agreement, book, period) where kind <> 'credit_note'",
    """
    create table charge (
        document text not null references invoice (number),
        row int not null check (row >= 1),
        agreement text not null,
        book text not null,
        period text not null,
        why text not null,
        amount numeric(12, 2) not null,
        primary key (document, row)
    )
    """,
    "create index charge_of_period on charge (book, period, agreement)",
    # Documents from before this table hold one charge a line, for their own period.
    """
    insert into charge (document, row, agreement, book, period, why, amount)
    select i.number, (line ->> 'row')::int, i.agreement, i.book, i.period, 'rated', (line ->> 'amount')::numeric
    from invoice i, jsonb_array_elements(convert_from(i.document, 'UTF8')::jsonb -> 'lines') line
    """,
    "create trigger charge_stays before update or delete on charge for each row execute function refuse_change()",
    "create trigger charge_stays_whole before truncate on charge for each statement execute function refuse_change()",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
