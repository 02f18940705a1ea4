"""The price-change report: what a year cost each municipality, and what the next costs it under each price book.

Everything is rated from tallies by the code that makes invoices. The year before is rated by its own books. A book of
the new year that charges inhabitants is applied as its instalments would be, waiver included; one that charges use
rates a what-if: use that has not happened yet is taken to be that of the twelve months before. A use stays with the
agreement under which it was made, so that each active user counts once; its cost is shown under the municipality that
answers for it in the new year (golden G8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from services.billing.domain.book import PriceBook
from services.billing.domain.year_costs import (
    Body,
    BookOf,
    Costs,
    Gap,
    MonthsUsed,
    population_costs,
    usage_costs,
)
from shared.clock.civil import Month
from shared.finnish.municipalities import current_code, municipalities
from shared.money import ZERO

_SHARE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One municipality of the new year.

    Attributes:
        municipality: Its code; "" for use that named none.
        merged: Names of those that merged into it; their cost of the year before is in its own.
        agreement: The agreement that bears it in the new year; "" when none does.
        payer: Name of that agreement's payer.
        joint: Whether the agreement bears other municipalities too.
        inhabitants: At the reference year's end; None when not stated.
        before: What the year before cost; None when it cannot be told.
        after: What the new year costs under each book, by its id.
    """

    municipality: str
    name: str
    merged: tuple[str, ...]
    agreement: str
    payer: str
    joint: bool
    inhabitants: int | None
    before: Decimal | None
    after: Mapping[str, Decimal | None]

    def difference(self, book: str) -> Decimal | None:
        """What changes under a book, in euros."""
        after = self.after[book]
        return None if after is None or self.before is None else after - self.before

    def share(self, book: str) -> Decimal | None:
        """The change as a share of the year before, such as 0.1234; None when that was nothing."""
        return _share(self.difference(book), self.before)


@dataclass(frozen=True, slots=True)
class ChangeTotal:
    """All municipalities under one book; `unknown` of them are in neither sum."""

    book: str
    before: Decimal
    after: Decimal
    dearer: int
    cheaper: int
    same: int
    unknown: int

    @property
    def difference(self) -> Decimal:
        """What changes, in euros."""
        return self.after - self.before

    @property
    def share(self) -> Decimal | None:
        """The change as a share of the year before."""
        return _share(self.difference, self.before)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """The report.

    Attributes:
        year: The new year.
        books: The books compared, the active one first.
        own_use: Whether usage books rate the new year's own use; else that of the twelve months before.
        rows: Municipalities by code.
        gaps: What could not be told.
    """

    year: int
    books: tuple[PriceBook, ...]
    own_use: bool
    rows: tuple[ChangeRow, ...]
    gaps: tuple[Gap, ...]

    @property
    def totals(self) -> tuple[ChangeTotal, ...]:
        """The sums under each book."""
        return tuple(total_of(book.id, self.rows) for book in self.books)

    @property
    def joint(self) -> tuple[ChangeRow, ...]:
        """The members of joint bodies, by body."""
        return tuple(sorted((row for row in self.rows if row.joint), key=lambda row: (row.agreement, row.municipality)))


def price_change(
    year: int,
    book_before: BookOf,
    books: Sequence[PriceBook],
    before: MonthsUsed,
    what_if: MonthsUsed,
    bodies: Sequence[Body],
    *,
    own_use: bool,
) -> PriceChange:
    """Compare two years.

    Args:
        year: The new year.
        book_before: The book of a month of the year before.
        books: The books of the new year.
        before: The use of the year before.
        what_if: The use that usage books of the new year rate, in its products (`in_products_of`).
        bodies: Who pays in the new year, each with its members.
        own_use: Whether `what_if` is the new year's own use.
    """
    gaps: list[Gap] = []
    first = date(year, 1, 1)
    old = usage_costs(book_before, before, first, gaps)
    new = {book.id: _costs(book, year, what_if, bodies, gaps) for book in books}
    return PriceChange(year, tuple(books), own_use, tuple(_rows(first, old, new, bodies)), tuple(gaps))


def _costs(book: PriceBook, year: int, what_if: MonthsUsed, bodies: Sequence[Body], gaps: list[Gap]) -> Costs:
    match book.charges:
        case "usage":
            return usage_costs(partial(_always, book), what_if, date(year, 1, 1), gaps)
        case "inhabitants":
            return population_costs(book, year, bodies, gaps)
        case "nothing":
            return Costs()


def total_of(book: str, rows: Iterable[ChangeRow]) -> ChangeTotal:
    """The sum of some municipalities under a book."""
    before = after = ZERO
    dearer = cheaper = same = unknown = 0
    for row in rows:
        difference = row.difference(book)
        if difference is None:
            unknown += 1
            continue
        before += row.before or ZERO
        after += row.after[book] or ZERO
        dearer += difference > 0
        cheaper += difference < 0
        same += difference == 0
    return ChangeTotal(book, before, after, dearer, cheaper, same, unknown)


def _rows(first: date, old: Costs, new: Mapping[str, Costs], bodies: Iterable[Body]) -> Iterable[ChangeRow]:
    bearing = {code: body for body in reversed([*bodies]) for code in body.codes}
    known = municipalities()
    merged: dict[str, list[str]] = {}
    for code in known:
        if (now := current_code(code, first)) != code:
            merged.setdefault(now, []).append(known[code].name_fi)
    charged = {code for costs in (old, *new.values()) for code in costs.amounts.keys() | costs.unknown}
    for code in sorted(charged | bearing.keys()):
        after = {book: costs.of(code) for book, costs in new.items()}
        before = old.of(code)
        body = bearing.get(code)
        if not code and not before and not any(after.values()):
            continue
        yield ChangeRow(
            municipality=code,
            name=known[code].name_fi if code in known else code,
            merged=tuple(merged.get(code, ())),
            agreement=body.agreement if body else "",
            payer=body.name if body else "",
            joint=body is not None and len(body.codes) > 1,
            inhabitants=_inhabitants(body, code),
            before=before,
            after=after,
        )


def _always(book: PriceBook, _: Month) -> PriceBook:
    return book


def _inhabitants(body: Body | None, code: str) -> int | None:
    members = body.members if body else ()
    return next((member.inhabitants for member in members if member.municipality == code), None)


def _share(difference: Decimal | None, before: Decimal | None) -> Decimal | None:
    if difference is None or not before:
        return None
    return (difference / before).quantize(_SHARE, rounding=ROUND_HALF_UP)
