"""Which periods can be closed, when, and by which price book."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from services.billing.domain.book import PopulationTerms, PriceBook
from services.billing.domain.books import NoPriceBookError, PriceBooks
from services.billing.domain.instalments import issued_from
from shared.clock.civil import Month, at_helsinki, helsinki_date

_INSTALMENT = re.compile(r"(2[0-9]{3})/([1-9])", re.ASCII)


class BillingRefusedError(Exception):
    """A command that cannot be carried out as things stand.

    Attributes:
        code: Stable machine code, for example ``close.open_month``.
        reason: Why, in plain words.
        advice: What to do next.
    """

    def __init__(self, code: str, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")
        self.code = code
        self.reason = reason
        self.advice = advice


@dataclass(frozen=True, slots=True)
class MonthPeriod:
    """A month that may be closed, with its book."""

    month: Month
    book: PriceBook


@dataclass(frozen=True, slots=True)
class InstalmentPeriod:
    """An instalment that may be issued, with its book."""

    year: int
    number: int
    book: PriceBook
    terms: PopulationTerms

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"


def month_period(books: PriceBooks, month: Month, now: datetime) -> MonthPeriod:
    """Decide whether a month of use can be closed.

    Args:
        books: The price books.
        month: The month.
        now: The business clock.

    Raises:
        BillingRefusedError: ``close.open_month``, ``close.not_usage`` or ``close.no_book``.
    """
    if now < month.ends_before:
        raise BillingRefusedError(
            "close.open_month",
            f"{month} is not over: it ends at midnight after {month.last} in Finland.",
            "Close it from the next day on.",
        )
    book = _book(books, month.first, now)
    if book.usage is None:
        raise BillingRefusedError(
            "close.not_usage",
            f"{month} is priced by {book.id}, which charges inhabitants, not use.",
            f"Issue its instalments: kelmu billing instalment {month.year}/1.",
        )
    return MonthPeriod(month, book)


def instalment_named(books: PriceBooks, text: str, now: datetime) -> InstalmentPeriod:
    """The instalment that `2017/1` names by the books known now, whether or not it is time for it.

    Raises:
        BillingRefusedError: ``instalment.form``, ``instalment.not_population``, ``instalment.unknown`` or
            ``close.no_book``.
    """
    match = _INSTALMENT.fullmatch(text)
    if match is None:
        raise BillingRefusedError("instalment.form", "An instalment is written as 2017/1.", "Correct it.")
    year, number = int(match[1]), int(match[2])
    book = _book(books, Month(year, 1).first, now)
    terms = book.population
    if terms is None:
        raise BillingRefusedError(
            "instalment.not_population",
            f"{year} is priced by {book.id}, which charges use, not inhabitants.",
            f"Close its months: kelmu billing close {year}-01.",
        )
    if number > len(terms.instalments):
        raise BillingRefusedError(
            "instalment.unknown",
            f"{book.id} has {len(terms.instalments)} instalments a year.",
            "Name one of them.",
        )
    return InstalmentPeriod(year, number, book, terms)


def instalment_period(books: PriceBooks, text: str, now: datetime) -> InstalmentPeriod:
    """Decide whether an instalment such as `2017/1` can be issued.

    Raises:
        BillingRefusedError: ``instalment.too_early``, or as `instalment_named` says.
    """
    found = instalment_named(books, text, now)
    first = issued_from(found.terms, found.year, found.number)
    if now < at_helsinki(first):
        raise BillingRefusedError(
            "instalment.too_early",
            f"Instalment {found} is issued from {first} on; today is {helsinki_date(now)}.",
            "Run it then.",
        )
    return found


def _book(books: PriceBooks, day: date, now: datetime) -> PriceBook:
    try:
        return books.at(day, now)
    except NoPriceBookError as error:
        reason = f"No active price book that is known by now is valid on {day}."
        raise BillingRefusedError("close.no_book", reason, "Add one.") from error
