"""Rating a month of use with a usage book: quantities by prices, graduated user fees, the minimum invoice.

Rounded half up per invoice line; each line is then allocated to the member municipalities by largest remainder, so
that the members' parts always sum to the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.billing.domain.book import PriceBook, PriceItem
from shared.money import ZERO, allocate, cents

USER_MONTH = "USER_MONTH"
MINIMUM = "MINIMUM_INVOICE"


class RatingError(LookupError):
    """A month of one agreement that cannot be rated; the others can.

    Attributes:
        code: Stable machine code.
    """

    code = "rating.failed"


class UnpricedError(RatingError):
    """Usage of a product that the book does not price: a fault of the price data, never silently free.

    Its code is ``rating.unpriced``.
    """

    code = "rating.unpriced"


class UnsoundUsageError(RatingError):
    """Counts that cannot be true: fewer uses than none, or active users without a look-up (``rating.unsound``)."""

    code = "rating.unsound"


@dataclass(frozen=True, slots=True)
class Count:
    """How often a member municipality used a product in the month; member "" when none was named."""

    member: str
    product: str
    quantity: int


@dataclass(frozen=True, slots=True)
class MonthUsage:
    """The use of one agreement in one month.

    Attributes:
        counts: Uses by member and product.
        users: Active users, each once: at least one granted or empty look-up (golden G11).
        lookups: Their look-ups by member, the key by which user fees are passed on.
    """

    counts: tuple[Count, ...]
    users: int
    lookups: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Portion:
    """A member's part of a line; `quantity` None where units cannot be told apart by member (a shared user)."""

    member: str
    quantity: int | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class RatedLine:
    """One line: a row of the book applied to a quantity. `item` None for the minimum billing adjustment."""

    product: str
    item: PriceItem | None
    quantity: int
    unit_price: Decimal
    amount: Decimal
    portions: tuple[Portion, ...]


@dataclass(frozen=True, slots=True)
class Rated:
    """A rated month. Nothing charged: the total is zero and no invoice is made."""

    lines: tuple[RatedLine, ...]

    @property
    def total(self) -> Decimal:
        """Sum of the lines in euros."""
        return sum((line.amount for line in self.lines), ZERO)


def rate_month(book: PriceBook, usage: MonthUsage) -> Rated:
    """Rate one agreement's month.

    Args:
        book: A book with usage terms, valid in the month.
        usage: What was used.

    Raises:
        UnpricedError: A product was used that the book does not price.
        UnsoundUsageError: The counts cannot be true.
        ValueError: The book does not charge usage.
    """
    if book.usage is None:
        raise ValueError(f"{book.id} does not charge usage.")
    _check(usage)
    lines = [line for product in _products(usage) for line in _product_lines(book, product, usage.counts)]
    lines += _user_lines(book, usage)
    charged = sum((line.amount for line in lines), ZERO)
    minimum = book.usage.minimum_invoice.amount
    if ZERO < charged < minimum:
        lines.append(_minimum_line(minimum - charged, lines))
    return Rated(tuple(lines))


def _check(usage: MonthUsage) -> None:
    if below := sorted({count.product for count in usage.counts if count.quantity < 0}):
        raise UnsoundUsageError(f"Fewer uses than none of {', '.join(below)}; check the tallies with the raw usage.")
    if usage.users and not any(usage.lookups.values()):
        raise UnsoundUsageError(f"{usage.users} active users without a look-up; check the tallies with the raw usage.")


def _products(usage: MonthUsage) -> list[str]:
    return sorted({count.product for count in usage.counts})


def _product_lines(book: PriceBook, product: str, counts: Sequence[Count]) -> list[RatedLine]:
    item = book.item(product)
    if item is None:
        raise UnpricedError(f"{book.id} does not price {product}; add the row to the book.")
    quantities: dict[str, int] = {}
    for count in counts:
        if count.product == product:
            quantities[count.member] = quantities.get(count.member, 0) + count.quantity
    return _lines(item, sum(quantities.values()), quantities, per_unit=True)


def _user_lines(book: PriceBook, usage: MonthUsage) -> list[RatedLine]:
    item = book.item(USER_MONTH)
    return _lines(item, usage.users, usage.lookups, per_unit=False) if item else []


def _lines(item: PriceItem, quantity: int, weights: Mapping[str, int], *, per_unit: bool) -> list[RatedLine]:
    members = sorted(weights)
    found = []
    for units, price in item.steps(quantity):
        amount = cents(units * price)
        parts = allocate(amount, [weights[member] for member in members])
        whole = per_unit and units == quantity
        portions = tuple(
            Portion(member, weights[member] if whole else None, part)
            for member, part in zip(members, parts, strict=True)
        )
        found.append(RatedLine(item.code, item, units, price, amount, portions))
    return found


def _minimum_line(adjustment: Decimal, lines: Sequence[RatedLine]) -> RatedLine:
    charged: dict[str, Decimal] = {}
    for line in lines:
        for portion in line.portions:
            charged[portion.member] = charged.get(portion.member, ZERO) + portion.amount
    parts = allocate(adjustment, list(charged.values()))
    portions = tuple(Portion(member, None, part) for member, part in zip(charged, parts, strict=True))
    return RatedLine(MINIMUM, None, 1, adjustment, adjustment, portions)
