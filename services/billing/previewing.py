"""Drafts (luonnos): what a closing would issue now, without a number, without issuing it; and against other figures.

A draft is made by the closing itself, in a transaction that is undone: it cannot differ from what would be issued.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.billing.book_files import PriceData
from services.billing.closing import close_month
from services.billing.differing import fee_of, read_charges
from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import instalment, issued_from
from services.billing.domain.invoice import Invoice
from services.billing.domain.periods import (
    BillingRefusedError,
    InstalmentPeriod,
    MonthPeriod,
    instalment_named,
    month_period,
)
from services.billing.domain.rating import rate_month
from services.billing.instalment_runs import issue_instalment
from services.billing.issuing import Desk, closing_transaction
from services.billing.runs import Run
from services.billing.store import agreements, usage
from shared.clock.civil import Month, at_helsinki
from shared.money import ZERO

_NUMBERED: Final = ("number", "sequence", "reference", "reference_rf")
Period = MonthPeriod | InstalmentPeriod


@dataclass(frozen=True, slots=True)
class Compared:
    """One agreement's draft beside what was issued for the period.

    Attributes:
        agreement: The agreement.
        issued: What its documents charge for the period.
        draft: What it is worth now, by the period's own book or the one asked for.
    """

    agreement: str
    issued: Decimal
    draft: Decimal

    @property
    def difference(self) -> Decimal:
        """Draft minus issued."""
        return self.draft - self.issued


def period_of(prices: PriceData, text: str, now: datetime) -> tuple[Period, datetime]:
    """The period, and when it would be closed: now, or as soon as it may be.

    Raises:
        BillingRefusedError: As `month_period` and `instalment_named` say.
        CivilTimeError: The text is no month.
    """
    if "/" in text:
        named = instalment_named(prices.books, text, now)
        return named, max(now, at_helsinki(issued_from(named.terms, named.year, named.number)))
    month = Month.parse(text)
    then = max(now, month.ends_before)
    return month_period(prices.books, month, then), then


async def preview(engine: AsyncEngine, prices: PriceData, text: str, now: datetime) -> Run:
    """What closing a period would do; nothing of it stays.

    Raises:
        BillingRefusedError: What closing would refuse.
    """
    period, then = period_of(prices, text, now)
    async with closing_transaction(engine, keep=False) as conn:
        if isinstance(period, InstalmentPeriod):
            return await issue_instalment(conn, period, prices, then)
        return await close_month(conn, period, prices, then)


def draft_of(invoice: Invoice) -> dict[str, object]:
    """A document as a draft: without what only issuing gives it."""
    content = {key: value for key, value in invoice.model_dump(mode="json").items() if key not in _NUMBERED}
    return {"draft": True, **content}


async def compare(
    engine: AsyncEngine, prices: PriceData, text: str, other_book: str | None, now: datetime
) -> list[Compared]:
    """A period as it would be rated now, or by another book, beside what was issued for it.

    Args:
        engine: Billing's database.
        prices: Books and products.
        text: The period; an instalment is compared with all up to it.
        other_book: Rate by this book instead of the period's own.
        now: The business clock.

    Raises:
        BillingRefusedError: ``compare.model`` when the other book charges by another model.
    """
    period, _ = period_of(prices, text, now)
    book = prices.books.get(other_book, now) if other_book else period.book
    if (book.usage is None) != (period.book.usage is None):
        raise BillingRefusedError(
            "compare.model",
            f"{book.id} and {period.book.id} charge by different models, month against year.",
            "See the report on the change of prices.",
        )
    async with closing_transaction(engine, keep=False) as conn:
        directory, known_until = await agreements.directory(conn)
        at = Desk(conn, prices, directory, known_until, now, Run(book.id, text))
        if isinstance(period, InstalmentPeriod):
            return await _instalments(at, period, book)
        return await _month(at, period, book)


async def _month(at: Desk, period: MonthPeriod, book: PriceBook) -> list[Compared]:
    issued = (await read_charges(at)).of(period.book.id, str(period.month))
    used = await usage.month_usage(at.conn, period.month, at.prices.products.active_products)
    drafts = {agreement: rate_month(book, found).total for agreement, found in used.items() if agreement}
    return _beside(issued, drafts)


async def _instalments(at: Desk, period: InstalmentPeriod, book: PriceBook) -> list[Compared]:
    known = await read_charges(at)
    issued: dict[str, Decimal] = {}
    drafts: dict[str, Decimal] = {}
    terms = book.population
    if terms is None:
        raise ValueError(f"{book.id} does not charge population.")
    for number in range(1, period.number + 1):
        for agreement, amount in known.of(period.book.id, f"{period.year}/{number}").items():
            issued[agreement] = issued.get(agreement, ZERO) + amount
    number = min(period.number, len(terms.instalments))
    for one in at.directory.agreements():
        fee = fee_of(at, book, period.year, one)
        due = instalment(terms, number, fee, {}) if fee else None
        if due and due.decision == "invoice":
            drafts[one.id] = due.amount
    return _beside(issued, drafts)


def _beside(issued: dict[str, Decimal], drafts: dict[str, Decimal]) -> list[Compared]:
    pairs = (
        Compared(agreement, issued.get(agreement, ZERO), drafts.get(agreement, ZERO))
        for agreement in sorted(issued.keys() | drafts.keys())
    )
    return [pair for pair in pairs if pair.issued or pair.draft]
