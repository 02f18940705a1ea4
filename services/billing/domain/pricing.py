"""Why a use costs what it costs: the book, its version and row, the law, the source, and what led to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from services.billing.domain.book import PriceBook, PriceItem
from services.billing.domain.books import NoPriceBookError, PriceBooks
from services.billing.domain.moments import Moment
from shared.clock.civil import at_helsinki, helsinki_date


class NotPricedError(LookupError):
    """The book that is valid has no row for the product.

    Attributes:
        code: ``price.no_row``.
    """

    code = "price.no_row"


@dataclass(frozen=True, slots=True)
class Explained:
    """A price and what led to it.

    Attributes:
        moment: When it was used.
        known: As known at which instant.
        book: The book in force, in the version known then.
        file: Where it stands.
        item: Its row.
        unit: Which unit of the month, counted from 1: it decides the tier.
        tier: Number of the tier, or None for a flat price.
        price: What that unit costs.
        why: The steps that led here, one sentence each.
    """

    moment: Moment
    known: datetime
    book: PriceBook
    file: str
    item: PriceItem
    unit: int
    tier: int | None
    price: Decimal
    why: tuple[str, ...]


def explain(books: PriceBooks, moment: Moment, product: str, known: datetime, unit: int = 1) -> Explained:
    """Say which row of which book prices a use.

    Args:
        books: The price books.
        moment: When it was used.
        product: The product's code.
        known: By what was known at this instant.
        unit: Which unit of the month it is, counted from 1.

    Raises:
        NoPriceBookError: No book in force, as known then, prices the day.
        NotPricedError: The book has no such row.
    """
    book = books.at(moment.wall.date(), known)
    item = book.item(product)
    if item is None:
        codes = ", ".join(sorted(item.code for item in book.items))
        raise NotPricedError(f"{book.name}, valid on {moment.wall.date()}, does not price {product}. It has {codes}.")
    steps = item.steps(unit)
    price = steps[-1][1]
    tier = len(steps) if item.tiers else None
    why = (*_day(moment), *_book(books, book, known), *_row(item, unit, tier, price))
    return Explained(moment, known, book, books.file_of(book), item, unit, tier, price, why)


def _day(moment: Moment) -> Iterator[str]:
    yield f"{moment.wall.replace(tzinfo=None).isoformat()} in Finland is {_z(moment.instant)}; {moment.reading}."
    day = moment.wall.date()
    apart = "" if moment.instant.date() == day else f", though in UTC it is still {moment.instant.date()}"
    yield f"The Finnish day of the use decides: {day}{apart}. When it arrived or is invoiced decides nothing."


def _book(books: PriceBooks, book: PriceBook, known: datetime) -> Iterator[str]:
    until = f"to {book.valid.last}" if book.valid.last else "until further notice"
    yield f"{book.id} is in force by the switch and prices the days from {book.valid.first} {until}."
    if book.valid.last is not None:
        after = book.valid.last + timedelta(days=1)
        yield f"It ends at {_z(at_helsinki(after))}, midnight in Finland; {_next(books, after, known)}."
    superseded = f"to {book.known.last}, when a later version followed" if book.known.last else "until further notice"
    yield (
        f"As known on {helsinki_date(known)}: version {book.version}, known from {book.known.first} {superseded}."
        f"{_otherwise(books, book)}"
    )


def _next(books: PriceBooks, day: date, known: datetime) -> str:
    try:
        return f"from then on {books.at(day, known).name} prices the days"
    except NoPriceBookError:
        return "what follows it is not known"


def _otherwise(books: PriceBooks, book: PriceBook) -> str:
    try:
        latest = books.get(book.id)
    except NoPriceBookError:
        return ""
    return "" if latest == book else f" What is known last is version {latest.version}."


def _row(item: PriceItem, unit: int, tier: int | None, price: Decimal) -> Iterator[str]:
    if tier is None:
        yield f"The row is flat: each {item.unit} costs {price} €."
    else:
        ends = item.tiers[tier - 1].up_to
        reach = f"up to unit {ends} of the month" if ends else "for all further units of the month"
        yield f"The row is graduated: unit {unit} falls into tier {tier}, {reach}, at {price} €."


def _z(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")
