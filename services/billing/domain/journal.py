"""The accounting journal (tositepäiväkirja): each document, waiver and payment as debits and credits that balance.

An invoice debits the receivable and credits income, line by line; a credit note, or a line below zero, does the
reverse. What is waived was earned and is then left uncharged, so both stand in the books. What is rolled over is not
due yet: a memo without amounts to post. Accounts and the treatment of value added tax are data (`accounts.yaml`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from services.billing.domain.accounts import Chart, JournalError, Model, Roles
from services.billing.domain.invoice import Invoice, Kind
from shared.contracts.base import Text
from shared.money import ZERO

EntryKind = Kind | Literal["waived", "rolled_over", "payment"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An amount that was rolled over to the next instalment, or waived."""

    agreement: str
    book: str
    period: str
    amount: Decimal
    waived: bool
    decided_on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment (suoritus) of an invoice; below zero when the bank took it back."""

    id: str
    document: str
    agreement: str
    payer: str
    paid_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Posting:
    """One row: an amount on the debit or the credit of an account; both zero in a memo."""

    account: str
    debit: Decimal
    credit: Decimal
    book: str
    period: str
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """One voucher (tosite) with its rows.

    Raises:
        JournalError: Debits are not credits.
    """

    voucher: str
    day: date
    kind: EntryKind
    document: str | None
    agreement: str
    payer: str | None
    vat: str
    postings: tuple[Posting, ...]
    memo: Decimal = ZERO
    """What a memo tells of, in euros; nothing is posted for it."""

    def __post_init__(self) -> None:
        if self.debit != self.credit:
            raise JournalError(f"{self.voucher}: debits {self.debit} are not credits {self.credit}.")
        if any(min(row.debit, row.credit) < 0 or (row.debit and row.credit) for row in self.postings):
            raise JournalError(f"{self.voucher}: a row is below zero, or on both sides.")

    @property
    def debit(self) -> Decimal:
        """Sum of its debits."""
        return sum((row.debit for row in self.postings), ZERO)

    @property
    def credit(self) -> Decimal:
        """Sum of its credits."""
        return sum((row.credit for row in self.postings), ZERO)


@dataclass(frozen=True, slots=True)
class Balance:
    """Debits, credits and what is left on an account; a debit balance is above zero."""

    account: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """Debits minus credits."""
        return self.debit - self.credit


def journal(
    chart: Chart,
    model_of: Callable[[str], Model],
    documents: Iterable[Invoice],
    waiting: Iterable[Waiting] = (),
    payments: Iterable[Payment] = (),
) -> tuple[Entry, ...]:
    """All entries in order of day and voucher.

    Args:
        chart: The accounts.
        model_of: What a price book charges, by its id.
        documents: Issued invoices and credit notes.
        waiting: What was rolled over or waived.
        payments: What was paid.

    Raises:
        JournalError: An entry does not balance, or the whole does not.
    """
    vat = chart.vat[0].code
    found = [_of_document(chart, model_of, document) for document in documents]
    found += [_of_waiting(chart, model_of, one, vat) for one in waiting]
    found += [_of_payment(chart, one, vat) for one in payments]
    return tuple(sorted(found, key=lambda entry: (entry.day, entry.voucher)))


def balances(entries: Iterable[Entry]) -> tuple[Balance, ...]:
    """What stands on each account, by number.

    Raises:
        JournalError: All debits together are not all credits.
    """
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for entry in entries:
        for row in entry.postings:
            debit, credit = sums.get(row.account, (ZERO, ZERO))
            sums[row.account] = (debit + row.debit, credit + row.credit)
    found = tuple(Balance(account, *sums[account]) for account in sorted(sums))
    if left := sum((one.balance for one in found), ZERO):
        raise JournalError(f"The journal does not balance: {left} is left.")
    return found


def _of_document(chart: Chart, model_of: Callable[[str], Model], document: Invoice) -> Entry:
    roles = chart.roles
    own = Text(fi="Saaminen", sv="Fordran", en="Receivable")
    rows = [_row(roles.receivable, document.total, document.price_book, document.period, own)]
    for line in document.lines:
        if line.amount:
            account = _income(roles, model_of(line.charged.price_book))
            rows.append(_row(account, -line.amount, line.charged.price_book, line.charged.period, line.text))
    return Entry(
        voucher=document.number,
        day=document.issued_on,
        kind=document.kind,
        document=document.number,
        agreement=document.agreement,
        payer=document.payer.business_id,
        vat=chart.treatment(document.vat).code,
        postings=tuple(row for row in rows if row.debit or row.credit),
    )


def _of_waiting(chart: Chart, model_of: Callable[[str], Model], one: Waiting, vat: str) -> Entry:
    return Entry(
        voucher=f"{'WAIVED' if one.waived else 'ROLLED'} {one.agreement} {one.book} {one.period}",
        day=one.decided_on,
        kind="waived" if one.waived else "rolled_over",
        document=None,
        agreement=one.agreement,
        payer=None,
        vat=vat,
        postings=_waived(chart.roles, model_of(one.book), one) if one.waived else (),
        memo=ZERO if one.waived else one.amount,
    )


def _waived(roles: Roles, model: Model, one: Waiting) -> tuple[Posting, ...]:
    text = Text(fi="Perimättä jätetty maksu", sv="Ouppburen avgift", en="Fee waived")
    return (
        _row(roles.waived, one.amount, one.book, one.period, text),
        _row(_income(roles, model), -one.amount, one.book, one.period, text),
    )


def _income(roles: Roles, model: Model) -> str:
    return roles.usage if model == "usage" else roles.population


def _of_payment(chart: Chart, one: Payment, vat: str) -> Entry:
    text = Text(fi="Suoritus", sv="Betalning", en="Payment")
    rows = (
        _row(chart.roles.bank, one.amount, "", one.document, text),
        _row(chart.roles.receivable, -one.amount, "", one.document, text),
    )
    return Entry(one.id, one.paid_on, "payment", one.document, one.agreement, one.payer, vat, rows)


def _row(account: str, amount: Decimal, book: str, period: str, text: Text) -> Posting:
    """A debit when above zero, else a credit."""
    return Posting(account, max(amount, ZERO), max(-amount, ZERO), book, period, text)
