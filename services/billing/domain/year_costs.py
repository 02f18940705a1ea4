"""What a year costs each municipality, by the code that makes invoices: from its use, or from its inhabitants."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import Membership, instalment, year_fee
from services.billing.domain.products import ANSWERED, NoProductError, ProductTable, Use
from services.billing.domain.rating import Count, MonthUsage, UnpricedError, rate_month
from shared.clock.civil import Month
from shared.contracts.access import Outcome
from shared.finnish.municipalities import current_code, municipalities
from shared.money import ZERO

BookOf = Callable[[Month], PriceBook]
MonthsUsed = Mapping[Month, Mapping[str, MonthUsage]]
"""Use by month and agreement."""


@dataclass(frozen=True, slots=True)
class Body:
    """Who pays for municipalities in the new year: an agreement, its payer's name, and the members that it bears."""

    agreement: str
    name: str
    members: tuple[Membership, ...]
    missing: str = ""
    """Why its fee cannot be told, such as a population that was not stated; the members are then known by code only."""
    codes: tuple[str, ...] = ()
    """The municipalities it bears."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A cost that could not be told, and why; the municipalities concerned are left out of the totals of that book."""

    agreement: str
    book: str
    reason: str


@dataclass(slots=True)
class Costs:
    """Costs by municipality; those of `unknown` cannot be told."""

    amounts: dict[str, Decimal] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def add(self, code: str, amount: Decimal) -> None:
        """Add to a municipality's cost."""
        self.amounts[code] = self.amounts.get(code, ZERO) + amount

    def of(self, code: str) -> Decimal | None:
        """A municipality's cost; None when it cannot be told."""
        return None if code in self.unknown else self.amounts.get(code, ZERO)


def in_products_of(table: ProductTable, day: date, used: Mapping[str, MonthUsage]) -> dict[str, MonthUsage]:
    """The same use in the products of another day: what is metered apart in 2016 may be one product in 2017."""
    renamed = _renamed(table, day)
    return {
        agreement: MonthUsage(
            tuple(
                Count(count.member, renamed.get(count.product, count.product), count.quantity) for count in used.counts
            ),
            used.users,
            used.lookups,
        )
        for agreement, used in used.items()
    }


def _renamed(table: ProductTable, day: date) -> dict[str, str]:
    valid = {row.product for row in table.rows if row.first <= day and (row.last is None or day <= row.last)}
    found: dict[str, str] = {}
    for row in table.rows:
        if row.product in valid:
            continue
        outcome = Outcome.GRANTED if row.outcome == ANSWERED else row.outcome
        try:
            found[row.product] = table.of(Use(row.event, row.action, outcome, row.channel, row.service), day).product
        except NoProductError:
            continue  # the product stays, and a book that does not price it says so
    return found


def usage_costs(book_of: BookOf, months: MonthsUsed, day: date, gaps: list[Gap]) -> Costs:
    """Each agreement's months as they would be invoiced, by member municipality."""
    costs = Costs()
    for month, used in sorted(months.items()):
        book = book_of(month)
        for agreement, usage in sorted(used.items()):
            try:
                rated = rate_month(book, usage)
            except UnpricedError as error:
                gaps.append(Gap(agreement, book.id, f"{month}: {error}"))
                costs.unknown |= {_now(count.member, day) for count in usage.counts}
                continue
            for line in rated.lines:
                for portion in line.portions:
                    costs.add(_now(portion.member, day), portion.amount)
    return costs


def population_costs(book: PriceBook, year: int, bodies: Iterable[Body], gaps: list[Gap]) -> Costs:
    """What the instalments of the year charge, by member municipality."""
    costs = Costs()
    for body in bodies:
        if body.missing:
            gaps.append(Gap(body.agreement, book.id, body.missing))
            costs.unknown |= set(body.codes)
        elif body.members:
            for code, amount in charged_in_year(book, year, body.members).items():
                costs.add(code, amount)
    return costs


def charged_in_year(book: PriceBook, year: int, members: Iterable[Membership]) -> dict[str, Decimal]:
    """What all instalments of a year charge an agreement, by member; what is waived at the year's end is not charged.

    Raises:
        ValueError: The book does not charge population.
    """
    terms = book.population
    if terms is None:
        raise ValueError(f"{book.id} does not charge population.")
    fee = year_fee(book, year, members)
    charged: dict[str, Decimal] = {}
    for number in range(1, len(terms.instalments) + 1):
        due = instalment(terms, number, fee, charged)
        if due.decision == "invoice":
            for line in due.lines:
                for portion in line.portions:
                    charged[portion.member] = charged.get(portion.member, ZERO) + portion.amount
    return charged


def _now(code: str, day: date) -> str:
    return current_code(code, day) if code in municipalities() else code
