"""Price books (hinnasto): what a use of the service costs, from when to when, by which law and source.

A book is one YAML file. No price of the service is public, so each amount says where it was borrowed from and that
it is assumed; that mark follows it onto every document. Amounts are quoted strings: a binary float is refused.

Books have two times: the days that they price (`valid`) and the days on which one was to go by them (`known`). What
is published later and changes the past is a new version with the same id, so that a period can be rated as it was
known on any day.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from pydantic import ValidationError

from services.billing.domain.book import PriceBook
from services.billing.domain.book_faults import faults_between
from services.billing.domain.faults import FileError, faults_of
from services.billing.domain.fields import BookId, Strict
from shared.clock.civil import helsinki_date

ACTIVE_FILE = "active.yaml"
"""The switch: which books are in force."""


class NoPriceBookError(LookupError):
    """No book in force prices a day, or there was no such book at the time."""


class Active(Strict):
    """The switch (`active.yaml`): ids of the books in force; together they price each day once."""

    active: tuple[BookId, ...]


class PriceBooks:
    """All versions of all books, and which books are in force.

    `known` says at which instant one asks: what was known then decides. None asks for what is known last.

    Args:
        books: File name and book.
        active: Ids of the books in force.

    Raises:
        FileError: Every fault between files, naming them (`faults_between`).
    """

    def __init__(self, books: Mapping[str, PriceBook], active: Sequence[str]) -> None:
        if faults := faults_between(books, active, ACTIVE_FILE):
            raise FileError(faults)
        self.files = dict(books)
        self.active_ids = frozenset(active)

    @property
    def active(self) -> tuple[PriceBook, ...]:
        """The books in force as known last, in order of validity."""
        return self.in_force()

    def in_force(self, known: datetime | None = None) -> tuple[PriceBook, ...]:
        """The books in force as known at an instant, in order of validity."""
        found = (book for book in self.files.values() if book.id in self.active_ids and _is_known(book, known))
        return tuple(sorted(found, key=lambda book: book.valid.first))

    def at(self, day: date, known: datetime | None = None) -> PriceBook:
        """The book in force that prices a Helsinki day.

        Raises:
            NoPriceBookError: The day lies before the first or after the last book known at the instant.
        """
        for book in self.in_force(known):
            if book.covers(day):
                return book
        raise NoPriceBookError(f"No active price book{_as_known(known)} is valid on {day}; add a book that covers it.")

    def get(self, book_id: str, known: datetime | None = None) -> PriceBook:
        """A book by its id, in force or not, in the version known at an instant.

        Raises:
            NoPriceBookError: There was no such book.
        """
        for book in self.files.values():
            if book.id == book_id and _is_known(book, known):
                return book
        raise NoPriceBookError(f"There is no price book {book_id}{_as_known(known)}.")

    def file_of(self, book: PriceBook) -> str:
        """The name of the file in which a book stands."""
        return next(file for file, other in self.files.items() if other == book)


def parse_book(file: str, content: object) -> PriceBook:
    """Read one book.

    Args:
        file: Name of the file, for the faults.
        content: Its parsed YAML.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        return PriceBook.model_validate(content)
    except ValidationError as error:
        raise FileError(faults_of(error, "book", file, content)) from error


def parse_active(content: object) -> tuple[str, ...]:
    """Read the switch.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        return Active.model_validate(content).active
    except ValidationError as error:
        raise FileError(faults_of(error, "active", ACTIVE_FILE, content)) from error


def _is_known(book: PriceBook, known: datetime | None) -> bool:
    return book.known.last is None if known is None else helsinki_date(known) in book.known


def _as_known(known: datetime | None) -> str:
    return "" if known is None else f" known on {helsinki_date(known)}"
