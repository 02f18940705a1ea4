"""The monthly income summary: what a client's shown payments are for, month by month: the basis of fee decisions.

A payment is spread over the days that it pays (golden R11): a monthly benefit by its share of each calendar month, so
that whole months of a retro-payment weigh alike (golden G6), a daily one by its benefit days; what is paid for once
is income of its payday's month. Cents go by the largest remainder, so that every payment's sums stay exact, and in
every month gross minus tax minus recovered is net.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from shared.clock.civil import Month
from shared.contracts.answers import IncomeMonth
from shared.contracts.register import Payment
from shared.finnish.benefits import benefit as known_benefit
from shared.finnish.benefits import benefit_days
from shared.money import ZERO, allocate

_WHOLE_MONTH: Final = 377_580
"""The least common multiple of 28, 29, 30 and 31: a day's share of any month is a whole number of these."""
LONGEST_MONTHS: Final = 600
"""A payment that claims to be for more months than this (assumed) is income of its payday's month."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one payment is in one month. Net is what the other three leave."""

    month: Month
    gross: Decimal
    tax: Decimal
    recovered: Decimal

    @property
    def net(self) -> Decimal:
        """What was paid out."""
        return self.gross - self.tax - self.recovered


@dataclass(slots=True)
class _Sum:
    gross: Decimal = ZERO
    tax: Decimal = ZERO
    recovered: Decimal = ZERO
    benefits: set[str] = field(default_factory=set)

    def add(self, benefit: str, share: Share) -> None:
        self.gross += share.gross
        self.tax += share.tax
        self.recovered += share.recovered
        self.benefits.add(benefit)


def summarise(payments: Iterable[Payment]) -> tuple[IncomeMonth, ...]:
    """The income of each month in which there is any, newest first."""
    sums: dict[Month, _Sum] = {}
    for payment in payments:
        for share in spread(payment):
            sums.setdefault(share.month, _Sum()).add(payment.benefit, share)
    return tuple(_row(month, sums[month]) for month in sorted(sums, reverse=True))


def spread(payment: Payment) -> list[Share]:
    """A payment by the months that it is for; the shares sum to its amounts to the cent.

    Tax is spread as gross is, and the recovery as what tax leaves of it, so that nobody's net falls below nothing
    by a cent of rounding.
    """
    tax = payment.withheld - payment.recovered
    months = months_of(payment)
    if len(months) == 1:
        return [Share(months[0], payment.gross, tax, payment.recovered)]
    days = [weight(payment.benefit, *_within(month, payment)) for month in months]
    if not any(days):  # no benefit day at all: a weekend, say
        days = [(last - first).days + 1 for first, last in (_within(month, payment) for month in months)]
    gross = allocate(payment.gross, days)
    ordinary = payment.gross >= payment.withheld >= payment.recovered >= 0
    taxes = _part(tax, gross if ordinary else days)
    left = [whole - part for whole, part in zip(gross, taxes, strict=True)]
    recovered = _part(payment.recovered, left if ordinary else days)
    rows = zip(months, gross, taxes, recovered, strict=True)
    return [Share(month, *amounts) for month, *amounts in rows if any(amounts)]


def months_of(payment: Payment) -> list[Month]:
    """The months that a payment is for, in order."""
    months = month_count(payment)
    first = Month.of(payment.first)
    if known_benefit(payment.benefit).rhythm == "once" or months > LONGEST_MONTHS:
        return [Month.of(payment.payday)]
    return [first.plus(step) for step in range(months)]


def month_count(payment: Payment) -> int:
    """How many calendar months a payment's period touches."""
    first, last = payment.first, payment.last
    return (last.year - first.year) * 12 + last.month - first.month + 1


def weight(benefit: str, first: date, last: date) -> int:
    """How much days of one month weigh in a payment of the benefit (golden R11): only its proportion means anything.

    Raises:
        FormatError: the benefit is unknown.
    """
    if known_benefit(benefit).rhythm == "daily":
        return benefit_days(benefit, first, last)
    return ((last - first).days + 1) * (_WHOLE_MONTH // Month.of(first).length)


def _within(month: Month, payment: Payment) -> tuple[date, date]:
    return max(month.first, payment.first), min(month.last, payment.last)


def _part(amount: Decimal, weights: Sequence[Decimal | int]) -> list[Decimal]:
    return [ZERO] * len(weights) if amount == 0 else allocate(amount, weights)


def _row(month: Month, total: _Sum) -> IncomeMonth:
    net = total.gross - total.tax - total.recovered
    return IncomeMonth(
        month=str(month),
        gross=format(total.gross, ".2f"),
        tax=format(total.tax, ".2f"),
        recovered=format(total.recovered, ".2f"),
        net=format(net, ".2f"),
        benefits=tuple(sorted(total.benefits)),
    )
