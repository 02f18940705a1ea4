"""Why a line costs what it costs: what it charges for, by which row of which book, and what it was counted from.

Every cent leads to the row of the price book with its law and source, and on to its ground: uses one by one, the first
use of each active user, inhabitants by days of membership, what came late, what earlier documents left, or a decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import ADJUSTED, CARRIED, SERVICE_YEAR, MemberFee
from services.billing.domain.invoice import Invoice, Line
from services.billing.domain.periods import BillingRefusedError
from services.billing.domain.rating import MINIMUM, USER_MONTH
from shared.clock.civil import Month

Basis = Literal["uses", "users", "minimum", "inhabitants", "late_uses", "late_facts", "decision"]
"""What a line was counted from. `late_facts`: a year by inhabitants whose members or population changed afterwards."""


@dataclass(frozen=True, slots=True)
class Units:
    """Which units of a period, in order of time, a line charges for: after `skip` others, `take` of them."""

    skip: int
    take: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What one line charges for and by what.

    Attributes:
        invoice: The document.
        line: The line.
        basis: What it was counted from.
        book: The book in the version that priced it.
        units: Which units, where it charges units of use.
        tier: The tier of the row, such as `1-1500`; "" for a flat price.
        rests_on: Rows of the document that it fills up to the minimum invoice.
        minimum: The minimum invoice, where the line fills up to it.
    """

    invoice: Invoice
    line: Line
    basis: Basis
    book: PriceBook
    units: Units | None = None
    tier: str = ""
    rests_on: tuple[int, ...] = ()
    minimum: Decimal | None = None

    @property
    def days(self) -> tuple[date, date]:
        """First and last Helsinki day of what is charged."""
        year, instalment, _ = self.line.charged.period.partition("/")
        if instalment:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        month = Month.parse(self.line.charged.period)
        return month.first, month.last

    @property
    def rows(self) -> tuple[Line, ...]:
        """The lines of the document that it rests on."""
        return tuple(line for line in self.invoice.lines if line.row in self.rests_on)


def line_of(invoice: Invoice, row: int) -> Line:
    """A line by its row.

    Raises:
        BillingRefusedError: ``explain.no_line``.
    """
    for line in invoice.lines:
        if line.row == row:
            return line
    raise BillingRefusedError(
        "explain.no_line", f"{invoice.number} has no line {row}.", f"Its lines are 1-{len(invoice.lines)}."
    )


def ground_of(invoice: Invoice, row: int, book: PriceBook) -> Ground:
    """What a line charges for.

    Args:
        invoice: The document.
        row: The line.
        book: The book that the line names, in the version known when the document was issued.

    Raises:
        BillingRefusedError: ``explain.no_line``.
    """
    line = line_of(invoice, row)
    if line.why == "rectification":
        return Ground(invoice, line, "decision", book)
    if line.why == "correction":
        return Ground(invoice, line, "late_facts" if "/" in line.charged.period else "late_uses", book)
    if line.product == MINIMUM:
        same = [one for one in invoice.lines if one.charged == line.charged and one.why == "rated" and one != line]
        minimum = book.usage.minimum_invoice.amount if book.usage else None
        return Ground(invoice, line, "minimum", book, rests_on=tuple(one.row for one in same), minimum=minimum)
    if line.product in (SERVICE_YEAR, CARRIED, ADJUSTED):
        return Ground(invoice, line, "inhabitants", book)
    units = _units(invoice, line)
    return Ground(
        invoice, line, "users" if line.product == USER_MONTH else "uses", book, units, _tier(book, line, units)
    )


def _units(invoice: Invoice, line: Line) -> Units:
    """A row with tiers is a line for each tier: the earlier units stand on the lines before."""
    before = (
        one.quantity
        for one in invoice.lines
        if one.row < line.row and (one.product, one.charged, one.why) == (line.product, line.charged, line.why)
    )
    return Units(sum(before), line.quantity)


def _tier(book: PriceBook, line: Line, units: Units) -> str:
    item = book.item(line.product)
    below = 0
    for tier in item.tiers if item else ():
        if tier.up_to is None or units.skip < tier.up_to:
            return f"{below + 1}-{tier.up_to or ''}"
        below = tier.up_to
    return ""


def counts_fault(ground: Ground, counted: Mapping[str, int]) -> str | None:
    """What does not fit between a line and the units found for it; None when they are the same.

    Args:
        ground: The line.
        counted: Units found, by member municipality.
    """
    line, total = ground.line, sum(counted.values())
    if total != line.quantity:
        return f"{line.quantity} were charged, but {total} are found."
    for part in line.parts:
        if part.quantity is not None and part.quantity != counted.get(part.municipality, 0):
            found = counted.get(part.municipality, 0)
            return f"{part.quantity} were charged for {part.municipality}, but {found} are found."
    return None


def minimum_fault(ground: Ground) -> str | None:
    """Whether a minimum line and those that it rests on make the minimum invoice; None when they do."""
    total = sum((one.amount for one in ground.rows), ground.line.amount)
    return None if total == ground.minimum else f"The lines make {total}, but the minimum is {ground.minimum}."


def members_fault(ground: Ground, members: Sequence[MemberFee], total: Decimal) -> str | None:
    """Whether the inhabitants and days found are those of the document; None when they are."""
    stated = {share.municipality: share.counts for share in ground.invoice.members if share.counts}
    found = {one.municipality: {"INHABITANTS": one.inhabitants, "DAYS": one.days} for one in members}
    if ground.line.why == "rated" and stated != found:
        return "The inhabitants or days found are not those of the document."
    if sum(one.amount for one in members) != total:
        return "The members' parts are not the fee of the year."
    return None
