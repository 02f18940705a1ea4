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
from shared.money import ZERO

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
    days = _weights(payment, months)
    ordinary = payment.gross >= payment.withheld
    gross = deal(_cents(payment.gross), days)
    taxes = deal(_cents(tax), gross if ordinary else days)
    left = [whole - part for whole, part in zip(gross, taxes, strict=True)]
    recovered = deal(_cents(payment.recovered), left if ordinary else days)
    rows = zip(months, gross, taxes, recovered, strict=True)
    return [Share(month, _euros(g), _euros(t), _euros(r)) for month, g, t, r in rows if g or t or r]


def deal(cents: int, weights: Sequence[int]) -> list[int]:
    """Whole cents by weight with the largest remainder, ties to the earlier: `shared.money.allocate` in integers.

    A client's view deals hundreds of times, and fractions would take most of its time. Nothing is dealt as nothing
    whatever the weights; a negative sum mirrors the positive one.
    """
    if cents == 0:
        return [0] * len(weights)
    whole, size = sum(weights), abs(cents)
    shares = [divmod(size * part, whole) for part in weights]
    parts = [share[0] for share in shares]
    for index in sorted(range(len(parts)), key=lambda index: (-shares[index][1], index))[: size - sum(parts)]:
        parts[index] += 1
    return parts if cents > 0 else [-part for part in parts]


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


def _weights(payment: Payment, months: Sequence[Month]) -> list[int]:
    code, between = payment.benefit, len(months) - 2
    if known_benefit(code).rhythm == "monthly":  # all months but the first and the last are whole
        first_part = weight(code, payment.first, months[0].last)
        return [first_part, *[_WHOLE_MONTH] * between, weight(code, months[-1].first, payment.last)]
    parts = [(max(month.first, payment.first), min(month.last, payment.last)) for month in months]
    days = [weight(code, first, last) for first, last in parts]
    # Without any benefit day, a weekend say, every day counts.
    return days if any(days) else [(last - first).days + 1 for first, last in parts]


def _cents(amount: Decimal) -> int:
    return int(amount.scaleb(2))


def _euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


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
