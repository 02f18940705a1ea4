"""Price books, and what a change of prices means for the asker's municipalities."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from services.billing.book_files import PriceData
from services.billing.desks.refusals import NO_COMPARISON
from services.billing.domain.book import PriceBook, PriceItem
from services.billing.domain.books import NoPriceBookError
from services.billing.domain.price_change import ChangeRow
from services.billing.domain.scope import Scope
from services.billing.domain.texts import ASSUMED_PRICE
from services.billing.reporting import make_price_change
from shared.contracts.answers import BillingBooks, BillingPriceChange, Refused
from shared.contracts.answers.billing import BookView, PriceChangeRow, PriceRow
from shared.contracts.asking import BillingPriceChangeQuery


def books(prices: PriceData) -> BillingBooks:
    """Every book as it is known today."""
    known = (book for book in prices.books.files.values() if book.known.last is None)
    found = sorted(known, key=lambda book: (book.valid.first, book.id))
    return BillingBooks(books=tuple(_book(book, prices) for book in found), price_notice=ASSUMED_PRICE)


async def price_change(
    conn: AsyncConnection, scope: Scope, prices: PriceData, query: BillingPriceChangeQuery, now: datetime
) -> BillingPriceChange | Refused:
    """What a year costs the asker's municipalities under each book."""
    try:
        found = await make_price_change(conn, prices, query.year, now)
    except NoPriceBookError:
        return Refused(refusal=NO_COMPARISON)
    rows = tuple(_change(row) for row in found.rows if _is_own(row, scope))
    return BillingPriceChange(year=found.year, own_use=found.own_use, rows=rows, price_notice=ASSUMED_PRICE)


def _is_own(row: ChangeRow, scope: Scope) -> bool:
    return scope.everything or row.municipality == scope.municipality or row.agreement in scope.own


def _change(row: ChangeRow) -> PriceChangeRow:
    return PriceChangeRow(
        municipality=row.municipality,
        name=row.name,
        merged=row.merged,
        payer=row.payer,
        before=_text(row.before),
        after={book: _text(amount) for book, amount in row.after.items()},
    )


def _book(book: PriceBook, prices: PriceData) -> BookView:
    return BookView(
        name=book.name,
        first=book.valid.first,
        last=book.valid.last,
        charges=book.charges,
        in_force=book.id in prices.books.active_ids,
        legal_basis=book.legal_basis,
        rows=tuple(row for item in book.items for row in _rows(item)),
    )


def _rows(item: PriceItem) -> Iterator[PriceRow]:
    steps: list[tuple[str, Decimal]] = [] if item.price is None else [("", item.price)]
    below = 0
    for tier in item.tiers:
        steps.append((f"{below + 1}-{tier.up_to or ''}", tier.price))
        below = tier.up_to or below
    for tier_text, price in steps:
        yield PriceRow(
            code=item.code,
            tier=tier_text,
            price=str(price),
            unit=item.unit,
            text=item.text,
            law=item.law,
            source=item.source,
            assumed=item.assumed,
        )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
