"""Gathers what a report is made of, from one snapshot of the database, and hands it to the pure code that makes it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.billing.book_files import PriceData, read_yaml
from services.billing.domain.accounts import Chart, Model, parse_chart
from services.billing.domain.book import PriceBook
from services.billing.domain.instalments import PopulationMissingError
from services.billing.domain.journal import Entry, journal
from services.billing.domain.price_change import PriceChange, price_change
from services.billing.domain.rating import MonthUsage
from services.billing.domain.report_pack import MeteredRow, ReportPack, metered_at_zero, report_pack
from services.billing.domain.year_costs import Body, in_products_of
from services.billing.facts import meetings, memberships
from services.billing.store import agreements, reports
from services.billing.store.usage import month_usage
from shared.clock.civil import Month, month_of
from shared.contracts.agreements import AgreementChanged
from shared.contracts.base import Validity
from shared.directory.model import Directory
from shared.finnish.municipalities import municipalities

ACCOUNTS: Final = Path(__file__).parent / "accounts.yaml"
_MONTHS: Final = 12


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """One snapshot that nothing changes while a report reads it."""
    async with engine.connect() as conn:
        await conn.execution_options(isolation_level="REPEATABLE READ")
        async with conn.begin():
            yield conn


def load_chart(path: Path = ACCOUNTS) -> Chart:
    """Read the chart of accounts.

    Raises:
        FileError: Every fault of the file.
    """
    return parse_chart(path.name, read_yaml(path))


def model_of(prices: PriceData, book: str) -> Model:
    """What a price book charges; a document of a book unknown by now would raise.

    Raises:
        NoPriceBookError: There is no such book.
    """
    return "usage" if prices.books.get(book).usage else "population"


async def make_journal(conn: AsyncConnection, prices: PriceData, chart: Chart) -> tuple[Entry, ...]:
    """The journal of everything issued, waived and paid so far."""
    documents = [document async for document in reports.documents(conn)]
    return journal(
        chart,
        lambda book: model_of(prices, book),
        documents,
        await reports.waiting(conn),
        await reports.paid(conn),
    )


async def months_to_report(conn: AsyncConnection) -> list[Month]:
    """The months in which anything was issued, rolled over or waived."""
    return sorted({month_of(at) for at in await reports.months_of_issue(conn)})


async def make_pack(conn: AsyncConnection, prices: PriceData, month: Month) -> ReportPack:
    """The pack of a calendar month."""
    span = (month.starts_at, month.ends_before)
    return report_pack(
        month,
        lambda book: model_of(prices, book),
        [document async for document in reports.documents(conn, *span)],
        await reports.waiting(conn, *span),
        await _metered(conn, prices, month),
    )


async def make_price_change(conn: AsyncConnection, prices: PriceData, year: int, now: datetime) -> PriceChange:
    """The price-change report from the year before to `year`.

    Args:
        conn: A snapshot.
        prices: The price data; every book valid in the year is compared.
        year: The new year.
        now: The business clock: a year that is not over has not all its use yet.

    Raises:
        NoPriceBookError: No book in force prices a month of the year before.
    """
    first = Month(year, 1)
    before = await _year_of_use(conn, prices, first.plus(-_MONTHS))
    own = await _year_of_use(conn, prices, first) if now >= first.plus(_MONTHS - 1).ends_before else {}
    own_use = any(own.values())
    used = own if own_use else {month.plus(_MONTHS): use for month, use in before.items()}
    directory, _ = await agreements.directory(conn)
    books = comparable_books(prices, first.first)
    return price_change(
        year,
        lambda month: prices.books.at(month.first),
        books,
        before,
        {month: in_products_of(prices.products, month.first, use) for month, use in used.items()},
        list(bodies(directory, year, books)),
        own_use=own_use,
    )


def comparable_books(prices: PriceData, day: date) -> list[PriceBook]:
    """Every book valid on a day, in the version known last, the one in force first."""
    valid = [book for book in prices.books.files.values() if book.covers(day) and book.known.last is None]
    active = {book.id for book in prices.books.active}
    return sorted(valid, key=lambda book: (book.id not in active, book.id))


def bodies(directory: Directory, year: int, books: Iterable[PriceBook]) -> Iterable[Body]:
    """Who bears which municipalities in a year, with their inhabitants by the terms of the first population book."""
    terms = next((book.population for book in books if book.population), None)
    year_end = year - (terms.reference_years_back if terms else 0)
    twice = {
        agreement: f"The population of {met.municipality} is borne by both {' and '.join(met.agreements)} on {met.day}."
        for met in meetings(directory.agreements(), year)
        for agreement in met.agreements
    }
    for agreement in directory.agreements():
        codes = _borne(agreement, year)
        if not codes:
            continue
        party = directory.organisation(agreement.party)
        name = party.name_fi if party else agreement.party
        try:
            members = tuple(memberships(directory, agreement, year, year_end))
        except PopulationMissingError as error:
            yield Body(agreement.id, name, (), str(error), codes)
        else:
            yield Body(agreement.id, name, members, twice.get(agreement.id, ""), codes)


def _borne(agreement: AgreementChanged, year: int) -> tuple[str, ...]:
    """Codes of the members of some day of the year; a municipality merged away by then is its successor's."""
    first, last = date(year, 1, 1), date(year, 12, 31)

    def meets(validity: Validity) -> bool:
        return validity.first <= last and (validity.last is None or validity.last >= first)

    if not meets(agreement.validity):
        return ()
    codes = {one.municipality for one in agreement.members if meets(one.validity)}
    known = municipalities()
    return tuple(sorted(code for code in codes if code not in known or known[code].exists_on(first)))


async def _year_of_use(conn: AsyncConnection, prices: PriceData, first: Month) -> dict[Month, dict[str, MonthUsage]]:
    months = [first.plus(n) for n in range(_MONTHS)]
    return {month: await month_usage(conn, month, prices.products.active_products) for month in months}


async def _metered(conn: AsyncConnection, prices: PriceData, month: Month) -> tuple[MeteredRow, ...]:
    used = await month_usage(conn, month, prices.products.active_products)
    return metered_at_zero(prices.books.at(month.first), used) if used else ()
