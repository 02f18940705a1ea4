"""A payment by the months that it is for, and a claim's part of such a month (golden R6, R11).

Monthly benefits count calendar days, of which a whole month is one month, whatever its length; daily benefits count
benefit days. Both ends are included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from shared.clock.civil import Month
from shared.finnish.benefits import benefit, benefit_days
from shared.money import allocate

_UNIT: Final = 377_580
"""Divisible by 28, 29, 30 and 31: a day of any month is a whole number of units."""
_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a payment that is for one month: its days within the month, and euros."""

    month: Month
    first: date
    last: date
    net: Decimal


def slices(code: str, first: date, last: date, net: Decimal) -> tuple[Slice, ...]:
    """Cut a payment at the turns of months; the parts sum to it exactly.

    Args:
        code: The benefit.
        first: First day that is paid for.
        last: Last day that is paid for.
        net: Euros.

    Raises:
        FormatError: The benefit is unknown.
    """
    spans = list(_spans(first, last))
    benefit(code)
    if len(spans) == 1:
        return tuple(Slice(month, start, end, net) for month, start, end in spans if net)
    weights = [_weight(code, month, start, end) for month, start, end in spans]
    if not any(weights):  # days without a benefit day among them: the payment is for something, the last month then
        weights[-1] = 1
    parts = allocate(net, weights)
    return tuple(Slice(month, start, end, part) for (month, start, end), part in zip(spans, parts, strict=True) if part)


def portion(code: str, part: Slice, first: date, last: date | None) -> Decimal:
    """What of a month's part falls into a claim's days, half a cent up; nothing when they share no day."""
    start, end = max(part.first, first), part.last if last is None else min(part.last, last)
    if start > end:
        return Decimal(0)
    whole = _weight(code, part.month, part.first, part.last)
    if whole == 0:
        return part.net
    within = _weight(code, part.month, start, end)
    whole_cents = int(part.net / _CENT)
    return ((2 * whole_cents * within + whole) // (2 * whole)) * _CENT


def _spans(first: date, last: date) -> Iterator[tuple[Month, date, date]]:
    for month in Month.of(first).until(Month.of(last)):
        yield month, max(first, month.first), min(last, month.last)


def _weight(code: str, month: Month, first: date, last: date) -> int:
    if benefit(code).rhythm == "daily":
        return benefit_days(code, first, last)
    return ((last - first).days + 1) * (_UNIT // month.length)
