"""Payments as the bank told them, and which invoices they and credit notes have covered; rows never change."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_BALANCE = """
    select i.number, i.agreement, i.payer, i.period, i.due, i.total,
        coalesce((select -sum(n.total) from invoice n where n.credits = i.number), 0.00) as credited,
        coalesce((select sum(p.amount) from payment p where p.invoice = i.number), 0.00) as paid,
        coalesce((select sum(coalesce(c.amount, i.total)) from demand d
            left join charge c on c.document = d.invoice and c.row = d.row
            left join decision x on x.demand = d.id
            where d.invoice = i.number and x.demand is null), 0.00) as disputed
    from invoice i where i.kind <> 'credit_note'
"""


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of an invoice (suoritus); below zero when the bank took it back."""

    reference: str
    invoice: str
    amount: Decimal
    paid_on: date


@dataclass(frozen=True, slots=True)
class Balance:
    """How an invoice stands.

    Attributes:
        number: The invoice.
        agreement: Its agreement.
        payer: Who owes it.
        period: Its period.
        due: Its due day.
        total: What it says.
        credited: What credit notes took back.
        paid: What was paid.
        disputed: The lines under a demand for rectification that is not decided; no dunning of these.
    """

    number: str
    agreement: str
    payer: str
    period: str
    due: date
    total: Decimal
    credited: Decimal
    paid: Decimal
    disputed: Decimal

    @property
    def open(self) -> Decimal:
        """What is still to be paid; below zero when too much was."""
        return self.total - self.credited - self.paid

    @property
    def frozen(self) -> Decimal:
        """How much of what is open rests until a demand is decided."""
        return max(min(self.disputed, self.open), Decimal("0.00"))

    @property
    def claimable(self) -> Decimal:
        """What may be dunned for."""
        return max(self.open - self.frozen, Decimal("0.00"))


async def find(conn: AsyncConnection, reference: str) -> Payment | None:
    """A payment by the bank's reference."""
    row = (
        await conn.execute(
            text("select reference, invoice, amount, paid_on from payment where reference = :reference"),
            {"reference": reference},
        )
    ).one_or_none()
    return None if row is None else Payment(row.reference, row.invoice, row.amount, row.paid_on)


async def last_moment(conn: AsyncConnection) -> datetime | None:
    """When the last payment was registered, on the business clock."""
    found: datetime | None = await conn.scalar(text("select max(registered_at) from payment"))
    return found


async def add(conn: AsyncConnection, payment: Payment, at: datetime) -> None:
    """Store a payment for ever."""
    await conn.execute(
        text(
            "insert into payment (reference, invoice, amount, paid_on, registered_at) "
            "values (:reference, :invoice, :amount, :paid_on, :at)"
        ),
        {
            "reference": payment.reference,
            "invoice": payment.invoice,
            "amount": payment.amount,
            "paid_on": payment.paid_on,
            "at": at,
        },
    )


async def balance(conn: AsyncConnection, number: str) -> Balance | None:
    """How one invoice stands; None for a number that is no invoice."""
    row = (await conn.execute(text(f"{_BALANCE} and i.number = :number"), {"number": number})).one_or_none()
    return None if row is None else Balance(*row)


async def balances(conn: AsyncConnection) -> list[Balance]:
    """How every invoice stands, by due day."""
    rows = await conn.execute(text(f"{_BALANCE} order by i.due, i.number"))
    return [Balance(*row) for row in rows]


async def add_settlement(conn: AsyncConnection, of: Balance, at: datetime) -> bool:
    """Store that an invoice is covered; False when it was before."""
    stored = await conn.execute(
        text(
            "insert into settlement (invoice, paid, credited, settled_at) values (:invoice, :paid, :credited, :at) "
            "on conflict do nothing"
        ),
        {"invoice": of.number, "paid": of.paid, "credited": of.credited, "at": at},
    )
    return bool(stored.rowcount)
