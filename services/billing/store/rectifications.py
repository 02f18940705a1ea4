"""Demands for rectification and the decisions on them; rows never change, and an undecided demand is an open one."""

from datetime import datetime

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.rectifying import Decision, Demand, History

_ALL = """
    select d.id, d.invoice, d.row as on_row, d.received, d.grounds, d.kela_erred,
        x.outcome, x.amount, x.grounds as decided_grounds, x.document, x.decided_at
    from demand d left join decision x on x.demand = d.id
"""


async def history(conn: AsyncConnection, invoice: str) -> History:
    """What was demanded of an invoice, in order of registration."""
    rows = await conn.execute(
        text(f"{_ALL} where d.invoice = :invoice order by d.registered_at, d.id"), {"invoice": invoice}
    )
    return History([_read(row) for row in rows])


async def find(conn: AsyncConnection, demand: str) -> tuple[Demand, Decision | None] | None:
    """A demand by its id, with its decision."""
    row = (await conn.execute(text(f"{_ALL} where d.id = :id"), {"id": demand})).one_or_none()
    return None if row is None else _read(row)


async def every(conn: AsyncConnection) -> list[tuple[Demand, Decision | None]]:
    """All demands, in order of registration."""
    return [_read(row) for row in await conn.execute(text(f"{_ALL} order by d.registered_at, d.id"))]


async def add_demand(conn: AsyncConnection, demand: Demand, at: datetime) -> None:
    """Register a demand for ever."""
    await conn.execute(
        text(
            "insert into demand (id, invoice, row, received, grounds, kela_erred, registered_at) "
            "values (:id, :invoice, :row, :received, :grounds, :kela_erred, :at)"
        ),
        {
            "id": demand.id,
            "invoice": demand.invoice,
            "row": demand.row,
            "received": demand.received,
            "grounds": demand.grounds,
            "kela_erred": demand.kela_erred,
            "at": at,
        },
    )


async def add_decision(conn: AsyncConnection, decision: Decision) -> None:
    """Store a decision for ever; a demand has one."""
    await conn.execute(
        text(
            "insert into decision (demand, outcome, amount, grounds, document, decided_at) "
            "values (:demand, :outcome, :amount, :grounds, :document, :at)"
        ),
        {
            "demand": decision.demand,
            "outcome": decision.outcome,
            "amount": decision.amount,
            "grounds": decision.grounds,
            "document": decision.document,
            "at": decision.decided_at,
        },
    )


def _read(row: Row[tuple[object, ...]]) -> tuple[Demand, Decision | None]:
    demand = Demand(row.id, row.invoice, row.on_row, row.received, row.grounds, row.kela_erred)
    if row.outcome is None:
        return demand, None
    return demand, Decision(row.id, row.outcome, row.amount, row.decided_grounds, row.document, row.decided_at)
