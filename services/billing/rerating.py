"""The check that finance relies on: the sum of all invoices against rating everything from zero."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.domain.books import PriceBooks
from services.billing.domain.instalments import PopulationMissingError
from services.billing.domain.recompute import MonthFromZero, instalments_from_zero
from services.billing.facts import memberships
from services.billing.store import agreements, invoices, usage
from shared.clock.civil import Month

Key = tuple[str, str, str]
"""Book, period, agreement."""


@dataclass(frozen=True, slots=True)
class Rerated:
    """The two sums, and each invoice on which they differ (invoiced, rated)."""

    invoiced: Decimal
    rated: Decimal
    differences: dict[Key, tuple[Decimal, Decimal]]

    @property
    def difference(self) -> Decimal:
        """Invoiced minus rated."""
        return self.invoiced - self.rated


async def recompute_from_zero(conn: AsyncConnection, books: PriceBooks) -> Rerated:
    """Rate every closed period again from the raw usage rows and the agreements events, without tallies."""
    invoiced = dict(await invoices.totals(conn))
    rated: dict[Key, Decimal] = {}
    for closing in await invoices.closings(conn):
        book = books.get(closing.book)
        if book.usage is not None:
            month = MonthFromZero(Month.parse(closing.period))
            async for use in usage.raw_usage(conn, month.month):
                month.add(use.agreement, use.product, use.time, use.worker)
            found = month.owed(book)
        else:
            found = await _instalment(conn, books, closing)
        rated |= {(closing.book, closing.period, agreement): amount for agreement, amount in found.items()}
    zero = Decimal("0.00")
    keys = sorted(invoiced.keys() | rated.keys())
    pairs = {key: (invoiced.get(key, zero), rated.get(key, zero)) for key in keys}
    return Rerated(
        sum(invoiced.values(), zero),
        sum(rated.values(), zero),
        {key: pair for key, pair in pairs.items() if pair[0] != pair[1]},
    )


async def _instalment(conn: AsyncConnection, books: PriceBooks, closing: invoices.Closing) -> dict[str, Decimal]:
    book = books.get(closing.book)
    year, number = map(int, closing.period.split("/"))
    back = book.population.reference_years_back if book.population else 0
    directory, _ = await agreements.directory(conn, closing.agreements_until)
    owed: dict[str, Decimal] = {}
    for agreement in directory.agreements():
        try:
            members = memberships(directory, agreement, year, year - back)
        except PopulationMissingError:
            continue
        amount = instalments_from_zero(book, year, number, members).get(number)
        if amount is not None:
            owed[agreement.id] = amount
    return owed
