"""What can be wrong between price books that are each right: gaps and overlaps in both of their times."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from services.billing.domain.faults import Fault

if TYPE_CHECKING:
    from services.billing.domain.book import PriceBook

_DAY = timedelta(days=1)


def faults_between(books: "Mapping[str, PriceBook]", active: Sequence[str], switch: str) -> list[Fault]:
    """Every fault between the files.

    Args:
        books: File name and book.
        active: Ids of the books in force.
        switch: Name of the file that says so.

    Returns:
        ``book.twice``, ``book.version``, ``book.model``, ``book.known_overlap`` and ``book.known_gap`` between versions
        of one book; ``active.unknown``, ``active.twice`` and ``book.none`` of the switch; ``book.overlap`` and
        ``book.gap`` between books in force, and ``book.lost`` when days that were priced once no longer are.
    """
    by_id: dict[str, list[str]] = {}
    for file in sorted(books, key=lambda file: (books[file].known.first, books[file].version)):
        by_id.setdefault(books[file].id, []).append(file)
    faults = [fault for files in by_id.values() for fault in _versions(files, books)]
    faults += _switch(active, by_id.keys(), switch)
    in_force = {file: book for file, book in books.items() if book.id in set(active)}
    # A fault between two files shows on every day on which both are known: told once.
    return faults or list({(fault.code, fault.file): fault for fault in _over_time(in_force)}.values())


def _versions(files: list[str], books: "Mapping[str, PriceBook]") -> Iterator[Fault]:
    for number, file in enumerate(files, start=1):
        book = books[file]
        same = next((other for other in files if other < file and books[other].version == book.version), None)
        if same:
            reason = f"Version {book.version} of {book.id} is already in {same}."
            yield Fault("book.twice", file, "id", reason, "Give the book an id of its own, or the next version.")
        elif book.version != number:
            reason = f"By the day on which it became known it is version {number} of {book.id}, not {book.version}."
            yield Fault("book.version", file, "version", reason, "Number the versions in the order they became known.")
        if (book.usage is None) != (books[files[0]].usage is None):
            reason = f"It charges by another model than version 1 of {book.id} ({files[0]})."
            yield Fault("book.model", file, "the whole file", reason, "Give the book an id of its own.")
    yield from _known(files, books)


def _known(files: list[str], books: "Mapping[str, PriceBook]") -> Iterator[Fault]:
    for earlier, later in pairwise(files):
        last, first = books[earlier].known.last, books[later].known.first
        if last is None or last >= first:
            reason = f"It is known from {first}, but {earlier} is known until {last or 'further notice'}."
            yield Fault("book.known_overlap", later, "known, first", reason, f"End {earlier} the day before.")
        elif last + _DAY != first:
            reason = f"Nothing is known of {books[later].id} after {last} ({earlier}) and before {first}."
            yield Fault("book.known_gap", later, "known, first", reason, "Let the versions follow each other.")
    if (last := books[files[-1]].known.last) is not None:
        reason = f"No version of {books[files[-1]].id} is known after {last}."
        yield Fault(
            "book.known_gap", files[-1], "known, last", reason, "Leave it open (null), or add the next version."
        )


def _switch(active: Sequence[str], known: Iterable[str], switch: str) -> Iterator[Fault]:
    if not active:
        yield Fault("book.none", switch, "active", "No price book is active.", "Name the books in force.")
    for number, book_id in enumerate(active, start=1):
        row = f"active[{number}] {book_id}"
        if book_id not in known:
            reason = f"There is no price book {book_id}."
            yield Fault("active.unknown", switch, row, reason, "Correct the id, or add the book's file.")
        if book_id in active[: number - 1]:
            yield Fault("active.twice", switch, row, f"{book_id} is named twice.", "Name it once.")


def _over_time(books: "Mapping[str, PriceBook]") -> Iterator[Fault]:
    """The faults on each day on which something new becomes known."""
    before: list[str] = []
    for day in sorted({book.known.first for book in books.values()}):
        files = sorted((file for file in books if day in books[file].known), key=lambda file: books[file].valid.first)
        yield from _joints(files, books, day)
        if before:
            yield from _lost(before, files, books, day)
        before = files


def _joints(files: list[str], books: "Mapping[str, PriceBook]", day: date) -> Iterator[Fault]:
    known = f"As known from {day} on,"
    for earlier, later in pairwise(files):
        last, first = books[earlier].valid.last, books[later].valid.first
        if last is None or last >= first:
            reason = f"{known} it is valid from {first}, but {earlier} is valid until {last or 'further notice'}."
            yield Fault("book.overlap", later, "valid, first", reason, f"End {earlier} the day before.")
        elif last + _DAY != first:
            reason = f"{known} no book prices the days after {last} ({earlier}) and before {first}."
            yield Fault("book.gap", later, "valid, first", reason, "Let the books follow each other.")


def _lost(before: list[str], now: list[str], books: "Mapping[str, PriceBook]", day: date) -> Iterator[Fault]:
    first, last = books[now[0]].valid.first, books[now[-1]].valid.last
    if first > books[before[0]].valid.first:
        reason = f"{before[0]} priced days before {first}; as known from {day} on, no book does."
        yield Fault("book.lost", now[0], "valid, first", reason, "Price those days too.")
    was = books[before[-1]].valid.last
    if last is not None and (was is None or was > last):
        reason = f"{before[-1]} priced days after {last}; as known from {day} on, no book does."
        yield Fault("book.lost", now[-1], "valid, last", reason, "Price those days too.")
