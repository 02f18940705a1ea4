"""Rating from zero: what all invoices together should be, computed a second time and in another way.

Shares no arithmetic with `rating` and `instalments`: whole numbers of 1/10,000 euro, one running count per agreement,
the month taken from the event's own time. A difference means that an invoice, a tally or this module is wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import Membership
from shared.clock.civil import Month, month_of

_SCALE = 10_000
_CENT = 100


@dataclass(slots=True)
class _Heap:
    uses: dict[str, int] = field(default_factory=dict)
    workers: set[str] = field(default_factory=set)


@dataclass(slots=True)
class MonthFromZero:
    """Collects raw uses of one month and says what each agreement owes for it."""

    month: Month
    _heaps: dict[str, _Heap] = field(default_factory=dict)

    def add(self, agreement: str, product: str, time: datetime, worker: str | None) -> None:
        """Count one use if its time falls in the month."""
        if month_of(time) != self.month:
            return
        heap = self._heaps.setdefault(agreement, _Heap())
        heap.uses[product] = heap.uses.get(product, 0) + 1
        if worker is not None:
            heap.workers.add(worker)

    def owed(self, book: PriceBook) -> dict[str, Decimal]:
        """Euros by agreement, minimum invoice included; those that owe nothing are left out."""
        sums = {agreement: _month_cents(book, heap) for agreement, heap in self._heaps.items()}
        return {agreement: _euros(amount) for agreement, amount in sums.items() if amount}


class YearFacts(NamedTuple):
    """What was known of an agreement's year: the book in its version, and whom the agreement bears."""

    book: PriceBook
    members: Sequence[Membership]


@dataclass(frozen=True, slots=True)
class YearFromZero:
    """What one agreement owes for a year by the instalments closed so far.

    Attributes:
        billed: Euros by instalment number; negative where the facts had come to say that too much was billed before.
        waiting: Euros rolled over or waived by the last of these instalments.
    """

    billed: dict[int, Decimal]
    waiting: Decimal

    @property
    def total(self) -> Decimal:
        """Euros billed by all of them."""
        return sum(self.billed.values(), _euros(0))


def instalments_from_zero(year: int, facts: Mapping[int, YearFacts]) -> YearFromZero:
    """What one agreement owes by instalment, each by the facts of its own closing and less what is billed by then.

    Args:
        year: The year of the fee.
        facts: What was known when each instalment was decided, by its number; what is known after the year under
            the number beyond the last: a correction then charges or gives back any cent, unless it was too little
            to invoice and still is.

    Raises:
        ValueError: A book does not charge population.
    """
    owed: dict[int, Decimal] = {}
    billed = waiting = 0
    waived = False
    for number, (book, members) in sorted(facts.items(), key=lambda one: one[0]):
        terms = book.population
        if terms is None:
            raise ValueError(f"{book.id} does not charge population.")
        count = len(terms.instalments)
        base, extra = divmod(_year_cents(book, year, members), count)
        due = base * min(number, count) + min(number, extra) - billed
        limit = terms.rollover_below.amount if number < count else terms.waive_below_at_year_end.amount
        small = due > 0 and _euros(due) < limit and (number <= count or waived or not billed)
        spared = due if small else 0
        if number <= count:
            waiting, waived = spared, number == count and small
        if due and not spared:
            owed[number] = _euros(due)
            billed += due
    return YearFromZero(owed, _euros(waiting))


def _year_cents(book: PriceBook, year: int, members: Iterable[Membership]) -> int:
    item = book.item("SERVICE_YEAR")
    if item is None or item.price is None:
        raise ValueError(f"{book.id} does not charge population.")
    length = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
    person_days = sum(member.inhabitants * member.days for member in members)
    return _half_up(person_days * _scaled(item.price), length * (_SCALE // _CENT))


def _month_cents(book: PriceBook, heap: _Heap) -> int:
    owed = 0
    for product, number in [*heap.uses.items(), ("USER_MONTH", len(heap.workers))]:
        item = book.item(product)
        if item is None:
            continue
        if item.price is not None:
            owed += _half_up(number * _scaled(item.price), _SCALE // _CENT)
        left, floor = number, 0
        for tier in item.tiers:
            here = left if tier.up_to is None else min(left, tier.up_to - floor)
            owed += _half_up(here * _scaled(tier.price), _SCALE // _CENT)
            left -= here
            floor = tier.up_to or floor
    least = int(book.usage.minimum_invoice.amount * _CENT) if book.usage else 0
    return max(owed, least) if owed else 0


def _scaled(price: Decimal) -> int:
    return int(price * _SCALE)


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _euros(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)
