"""The time line of payments: a row for each benefit, a mark for each payday, as high as what was paid. Pure.

Only where things stand is worked out here; words, and the table that says the same, are the page's.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from shared.clock.civil import Month
from shared.contracts.answers import PaymentRow
from shared.money import parse_amount

MONTHS: Final = 12
"""How many months the page shows when nobody chose otherwise."""
MOST_MONTHS: Final = 36
"""More than these nobody can read in one picture."""
WIDTH: Final = 960
_TOP: Final = 24
_ROW: Final = 56
_LABEL: Final = 18
_TALLEST: Final = 30
_SHORTEST: Final = 2
_MARK: Final = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """What a benefit paid on one payday.

    Attributes:
        x: Left edge.
        y: Upper edge.
        height: As the net is to the largest of the picture.
        payday: The day.
        net: Euros as messages carry them, of all payments of that day.
    """

    x: float
    y: float
    height: float
    payday: date
    net: str


@dataclass(frozen=True, slots=True)
class Line:
    """One benefit.

    Attributes:
        benefit: Its code.
        label: Where its name stands: the baseline of the words.
        base: Where its marks stand on.
        marks: Its paydays, oldest first.
        net: Euros of all of them.
    """

    benefit: str
    label: int
    base: int
    marks: tuple[Mark, ...]
    net: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Where a month begins."""

    x: float
    month: Month


@dataclass(frozen=True, slots=True)
class Timeline:
    """The picture.

    Attributes:
        months: Left to right.
        lines: By benefit, in the order of the code.
        height: Of the whole picture.
        outside: How many payments are of other days than the picture shows.
    """

    months: tuple[Tick, ...]
    lines: tuple[Line, ...]
    height: int
    outside: int
    width: int = WIDTH
    mark: int = _MARK

    @property
    def first(self) -> date:
        """The first day of the picture."""
        return self.months[0].month.first

    @property
    def last(self) -> date:
        """The last day of the picture."""
        return self.months[-1].month.last


def months_shown(today: date, first: date | None, last: date | None) -> tuple[Month, ...]:
    """The months of the picture: twelve up to this one, or what the worker chose, at most `MOST_MONTHS`.

    Args:
        today: The day of the look-up.
        first: First day that the worker asked for.
        last: Last day that the worker asked for.
    """
    end = Month.of(last or today)
    begin = Month.of(first) if first is not None else end.plus(1 - MONTHS)
    earliest = end.plus(1 - MOST_MONTHS)
    return tuple(max(min(begin, end), earliest).until(end))


def timeline(payments: Sequence[PaymentRow], months: Sequence[Month]) -> Timeline | None:
    """Draw the payments of these months; None when none of them falls on their days.

    Raises:
        MoneyError: a message holds something that is no amount.
    """
    first, last = months[0].first, months[-1].last
    paid: defaultdict[str, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    shown = [row for row in payments if first <= row.payday <= last]
    for row in shown:
        paid[row.benefit][row.payday] += parse_amount(row.net)
    if not shown:
        return None
    most = max(net for days in paid.values() for net in days.values())
    days = (last - first).days + 1

    def across(day: date) -> float:
        return round((day - first).days / days * WIDTH, 1)

    return Timeline(
        months=tuple(Tick(across(month.first), month) for month in months),
        lines=tuple(
            _line(code, paid[code], _TOP + _ROW * number, across, most) for number, code in enumerate(sorted(paid))
        ),
        height=_TOP + _ROW * len(paid),
        outside=len(payments) - len(shown),
    )


def _line(benefit: str, paid: Mapping[date, Decimal], top: int, across: Callable[[date], float], most: Decimal) -> Line:
    base = top + _LABEL + _TALLEST
    return Line(
        benefit=benefit,
        label=top + _LABEL - 5,
        base=base,
        marks=tuple(_mark(day, paid[day], across(day), base, most) for day in sorted(paid)),
        net=f"{sum(paid.values(), Decimal()):.2f}",
    )


def _mark(day: date, net: Decimal, x: float, base: int, most: Decimal) -> Mark:
    # A picture: its lengths may be binary fractions; what people read is written from the exact amount.
    height = round(max(float(net / most) * _TALLEST if most > 0 else 0.0, _SHORTEST), 1)
    return Mark(x=min(x, WIDTH - _MARK), y=round(base - height, 1), height=height, payday=day, net=f"{net:.2f}")
