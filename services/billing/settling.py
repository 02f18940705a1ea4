"""Settling (suoritus): payments as the bank tells them, each once; payments and notes together settle an invoice."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.periods import BillingRefusedError
from services.billing.store import invoices, payments
from services.billing.store.payments import Balance, Payment
from shared.bus import outbox
from shared.bus.messages import Outgoing
from shared.bus.topics import BILLING_EVENTS
from shared.clock.civil import helsinki_date
from shared.contracts.billing import InvoiceSettled
from shared.finnish.identity_code import contains_identity_code
from shared.ids import event_id


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of telling a payment: how the invoice stands, and whether the payment was known before."""

    balance: Balance
    before: bool


async def pay(conn: AsyncConnection, payment: Payment, now: datetime) -> Recorded:
    """Record a payment; told again with the same reference and content, nothing changes.

    Args:
        conn: A closing transaction, so that no credit note is issued meanwhile.
        payment: As the bank tells it; an amount below zero takes a payment back.
        now: The business clock.

    Raises:
        BillingRefusedError: ``payment.unknown_invoice``, ``payment.credit_note``, ``payment.amount``,
            ``payment.day``, ``payment.reference``, ``payment.conflict``, ``payment.more_than_paid`` or
            ``payment.clock_back``.
    """
    named = contains_identity_code(payment.reference)
    payment = replace(payment, reference=bank_reference(payment.reference))
    if named or not payment.reference:
        raise BillingRefusedError(
            "payment.reference", "The reference is empty or holds an identity code.", "Give the bank's reference."
        )
    known = await payments.find(conn, payment.reference)
    if known is not None and known != payment:
        raise BillingRefusedError(
            "payment.conflict",
            f"{payment.reference} was recorded before with other content: {known.invoice}, {known.amount} €, "
            f"{known.paid_on}.",
            "Check the bank's statement; a payment taken back has a reference of its own.",
        )
    if known is None:
        await _check_clock(conn, now)
        await _check(conn, payment, now)
        await payments.add(conn, payment, now)
        await settle(conn, payment.invoice, now)
    balance = await payments.balance(conn, payment.invoice)
    if balance is None:
        raise RuntimeError(f"{payment.invoice} has vanished.")
    return Recorded(balance, known is not None)


def bank_reference(typed: str) -> str:
    """The bank's reference as it is compared: without blanks, in capitals, so that a payment is not told twice."""
    return "".join(char for char in typed if char.isprintable() and not char.isspace()).upper()


async def settle(conn: AsyncConnection, number: str, now: datetime) -> None:
    """Announce, once for ever, that payments and credit notes cover an invoice."""
    balance = await payments.balance(conn, number)
    if balance is None or balance.open > 0 or not await payments.add_settlement(conn, balance, now):
        return
    event = InvoiceSettled(
        number=number, agreement=balance.agreement, time=now, paid=balance.paid, credited=balance.credited
    )
    identity = event_id("invoice-settled", number)
    await outbox.write(
        conn, [Outgoing.of(BILLING_EVENTS, balance.agreement, identity, event, source="billing", time=now)]
    )


async def _check_clock(conn: AsyncConnection, now: datetime) -> None:
    """Refuse a payment told on a clock set back: it would be settled before its invoice, or out of order."""
    moments = (await invoices.last_moment(conn), await payments.last_moment(conn))
    last = max((moment for moment in moments if moment is not None), default=now)
    if now < last:
        raise BillingRefusedError(
            "payment.clock_back",
            f"The last document, closing or payment is of {last.isoformat()}, but the business clock says "
            f"{now.isoformat()}.",
            "Set the clock right and tell the payment again; nothing was recorded.",
        )


async def _check(conn: AsyncConnection, payment: Payment, now: datetime) -> None:
    invoice = await invoices.find(conn, payment.invoice)
    if invoice is None:
        raise BillingRefusedError(
            "payment.unknown_invoice", f"There is no invoice {payment.invoice}.", "Check the number."
        )
    if invoice.credits is not None:
        raise BillingRefusedError(
            "payment.credit_note",
            f"{payment.invoice} is a credit note: nothing is paid on it.",
            f"Record the payment on {invoice.credits}.",
        )
    if not payment.amount:
        raise BillingRefusedError("payment.amount", "A payment of 0.00 is none.", "Give the amount.")
    if not invoice.issued_on <= payment.paid_on <= helsinki_date(now):
        raise BillingRefusedError(
            "payment.day",
            f"{payment.paid_on} lies before the invoice of {invoice.issued_on} or after today.",
            "Give the day of payment.",
        )
    balance = await payments.balance(conn, payment.invoice)
    if balance is not None and balance.paid + payment.amount < 0:
        raise BillingRefusedError(
            "payment.more_than_paid", f"Only {balance.paid} € was paid on {payment.invoice}.", "Check the amount."
        )
