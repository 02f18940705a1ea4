"""Explains a line of a document out of the database: its ground, what was counted, and whether both agree."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.domain.corrections import month_basis
from services.billing.domain.explaining import Ground, counts_fault, ground_of, line_of, members_fault, minimum_fault
from services.billing.domain.instalments import MemberFee, YearFee, year_fee
from services.billing.domain.invoice import Invoice
from services.billing.domain.periods import BillingRefusedError
from services.billing.facts import memberships
from services.billing.store import agreements, explaining, invoices
from services.billing.store.explaining import Cut, Decided, Earlier, FactEvent, Seen, UsedEvent
from shared.finnish.municipalities import current_code, municipalities


@dataclass(frozen=True, slots=True)
class Explained:
    """A line with everything behind it but the uses themselves, which `events` streams.

    Attributes:
        ground: What it charges for.
        seen: What the rating behind it saw; None for a decision, which rates nothing.
        counted: Units found, by member municipality.
        fee: A year's fee by inhabitants.
        facts: The events that stated members and population.
        earlier: What was charged or carried of the same period before.
        decided: The decision that it carries out.
        fault: What does not fit between the line and what was found; None when they agree.
    """

    ground: Ground
    seen: Seen | None
    counted: dict[str, int] = field(default_factory=dict)
    fee: YearFee | None = None
    facts: tuple[FactEvent, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    decided: Decided | None = None
    fault: str | None = None

    @property
    def members(self) -> tuple[MemberFee, ...]:
        """Members with inhabitants and days, of a year's fee."""
        return self.fee.members if self.fee else ()


async def document(conn: AsyncConnection, number: str) -> Invoice:
    """A document by its number.

    Raises:
        BillingRefusedError: ``explain.no_document``.
    """
    invoice = await invoices.find(conn, number)
    if invoice is None:
        raise BillingRefusedError("explain.no_document", f"There is no document {number}.", "Check the number.")
    return invoice


async def explain(conn: AsyncConnection, prices: PriceData, invoice: Invoice, row: int) -> Explained:
    """Explain one line.

    Args:
        conn: The database.
        prices: Books and products.
        invoice: The document.
        row: The line.

    Raises:
        BillingRefusedError: ``explain.no_line``, or ``explain.no_rating`` when no rating stands behind it.
        NoPriceBookError: The book is gone.
    """
    line = line_of(invoice, row)
    ground = ground_of(invoice, row, prices.books.get(line.charged.price_book, invoice.issued_at))
    if ground.basis == "decision":
        decided = await explaining.decision_of(conn, invoice.number)
        return Explained(ground, None, decided=decided, fault=None if decided else "The decision is not found.")
    seen = await explaining.seen_by(conn, ground)
    if seen is None:
        raise BillingRefusedError(
            "explain.no_rating", f"No rating of {line.charged.period} stands behind line {row}.", "Tell support."
        )
    match ground.basis:
        case "minimum":
            return Explained(ground, seen, fault=minimum_fault(ground))
        case "inhabitants" | "late_facts":
            return await _of_facts(conn, Explained(ground, seen, earlier=tuple(await explaining.earlier(conn, ground))))
        case _:
            return await _of_use(conn, ground, seen)


def events(conn: AsyncConnection, found: Explained, cut: Cut | None = None) -> AsyncIterator[UsedEvent]:
    """The uses behind a line in order of time; nothing for lines that were not counted from uses."""
    if found.seen is None or found.ground.basis not in ("uses", "users", "late_uses"):
        return _nothing()
    return explaining.events(conn, cut or Cut(found.ground, found.seen))


async def _of_use(conn: AsyncConnection, ground: Ground, seen: Seen) -> Explained:
    cut = Cut(ground, seen)
    if ground.basis == "late_uses":
        # All uses together, those before and the late ones, must be what was rated.
        whole = month_basis(await explaining.month_seen(conn, cut)) == seen.basis
        fault = None if whole else "The uses found are not those that were rated."
        return Explained(ground, seen, fault=fault, earlier=tuple(await explaining.earlier(conn, ground)))
    counted = await explaining.counted(conn, cut)
    return Explained(ground, seen, counted, fault=counts_fault(ground, counted))


async def _of_facts(conn: AsyncConnection, found: Explained) -> Explained:
    ground, seen = found.ground, found.seen
    terms, charged = ground.book.population, ground.line.charged
    directory, _ = await agreements.directory(conn, seen.facts if seen else None)
    agreement = directory.agreement(charged.agreement)
    if terms is None or agreement is None or seen is None:
        return replace(found, fault="The agreement or the book's terms are not known.")
    year = ground.days[0].year
    year_end = year - terms.reference_years_back
    fee = year_fee(ground.book, year, memberships(directory, agreement, year, year_end))
    codes = bodies({one.municipality for one in fee.members}, year)
    facts = await explaining.fact_events(conn, seen, charged.agreement, codes, year_end)
    fault = members_fault(ground, fee.members, fee.total)
    return replace(found, fee=fee, facts=tuple(facts), fault=fault)


def bodies(members: set[str], year: int) -> list[str]:
    """The municipalities whose population makes that of the members: those merged into them too."""
    return [code for code in municipalities() if current_code(code, date(year, 1, 1)) in members]


async def _nothing() -> AsyncIterator[UsedEvent]:
    none: tuple[UsedEvent, ...] = ()
    for one in none:
        yield one


def amount_of(found: Explained, member: str | None) -> Decimal:
    """The amount of a line, or of one member's part of it."""
    line = found.ground.line
    if member is None:
        return line.amount
    return sum((part.amount for part in line.parts if part.municipality == member), Decimal("0.00"))
