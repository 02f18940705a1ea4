"""What two years cost, side by side: bars as long as the amounts, and rows by how much changes. Pure.

Only lengths are worked out here; words, and the table that says the same, are the page's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.contracts.answers import BillingPriceChange
from shared.contracts.answers.billing import PriceChangeRow
from shared.formula import plain
from shared.money import parse_amount

DRAWN: Final = 10
"""Municipalities of the picture: more nobody can read in one."""
LISTED: Final = 60
"""Municipalities of the page's table, so that the page stays light; the file holds all."""
WIDTH: Final = 760
_NAMES: Final = 170
_FIGURES: Final = 120
_BAR: Final = 14
_STEP: Final = 20
_HEAD: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """One amount.

    Attributes:
        book: The price book; "" for the year before.
        y: Upper edge.
        length: As the amount is to the largest of the picture.
        amount: Euros as messages carry them; None when it cannot be told.
    """

    book: str
    y: int
    length: float
    amount: str | None


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one municipality; `label` is the baseline of its name."""

    name: str
    label: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The picture and the rows of the page.

    Attributes:
        books: Price books of the new year.
        groups: What is drawn, top to bottom.
        rows: Municipalities, those whose cost changes most first.
        left_out: How many municipalities only the file holds.
        height: Of the picture.
    """

    books: tuple[str, ...]
    groups: tuple[Group, ...]
    rows: tuple[PriceChangeRow, ...]
    left_out: int
    height: int
    width: int = WIDTH
    zero: int = _NAMES
    bar: int = _BAR


def books_of(change: BillingPriceChange) -> tuple[str, ...]:
    """The price books that the new year is rated by, by name."""
    return tuple(sorted({book for row in change.rows for book in row.after}))


def compared(change: BillingPriceChange) -> Comparison:
    """Draw and order what a year costs.

    Raises:
        MoneyError: a message holds something that is no amount.
    """
    books = books_of(change)
    rows = sorted(change.rows, key=lambda row: (-_most_changed(row), row.name))
    drawn = rows[:DRAWN]
    most = max((_amount(one) for row in drawn for one in (row.before, *row.after.values())), default=Decimal(0))
    groups, top = [], 0
    for row in drawn:
        amounts = (("", row.before), *((book, row.after.get(book)) for book in books))
        bars = tuple(
            Bar(book, top + _HEAD + _STEP * place, _length(amount, most), amount)
            for place, (book, amount) in enumerate(amounts)
        )
        groups.append(Group(row.name, top + _HEAD - 8, bars))
        top += _HEAD + _STEP * len(bars)
    return Comparison(books, tuple(groups), tuple(rows[:LISTED]), max(len(rows) - LISTED, 0), top)


def difference(row: PriceChangeRow, book: str) -> str | None:
    """What changes for a municipality under a book, in euros as messages carry them; None when it cannot be told."""
    after = row.after.get(book)
    return None if after is None or row.before is None else str(parse_amount(after) - parse_amount(row.before))


def file_rows(change: BillingPriceChange) -> Sequence[Sequence[str]]:
    """The comparison as rows of a file, its headings first; texts that a spreadsheet would work out are marked."""
    books = books_of(change)
    columns = ["municipality", "name", "merged", "payer", f"cost_{change.year - 1}"]
    for book in books:
        columns += [f"cost_{change.year}_{book}", f"difference_{book}"]
    rows = [[*columns, "price_notice"]]
    for row in change.rows:
        texts = [row.municipality, row.name, "; ".join(row.merged), row.payer]
        amounts = [row.before or ""]
        for book in books:
            amounts += [row.after.get(book) or "", difference(row, book) or ""]
        rows.append([*(plain(one) for one in texts), *amounts, change.price_notice.en])
    return rows


def _most_changed(row: PriceChangeRow) -> Decimal:
    found = (difference(row, book) for book in row.after)
    return max((abs(Decimal(one)) for one in found if one is not None), default=Decimal(0))


def _amount(value: str | None) -> Decimal:
    return Decimal(0) if value is None else parse_amount(value)


def _length(value: str | None, most: Decimal) -> float:
    # A picture: its lengths may be binary fractions; what people read is written from the exact amount.
    room = WIDTH - _NAMES - _FIGURES
    return round(max(float(_amount(value) / most), 0.0) * room, 1) if most > 0 else 0.0
