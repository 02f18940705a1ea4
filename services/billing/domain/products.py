"""The one table from what happened to the product that is metered (golden R9): outcome, channel, date to product."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from itertools import product as combinations
from typing import Literal

from pydantic import StrictBool, ValidationError

from services.billing.domain.books import Day, PriceBooks, Strict, Words
from services.billing.domain.faults import Fault, FileError, faults_of
from shared.contracts.access import Outcome
from shared.contracts.base import Channel

Event = Literal["access", "claim"]
ANY = "any"
REGISTERED = "registered"
_OUTCOMES: dict[Event, tuple[str, ...]] = {"access": tuple(Outcome), "claim": (REGISTERED,)}
_CHANNELS = tuple(str(channel) for channel in Channel)


class ProductRow(Strict):
    """Which product an event is, for how long that mapping holds, and whether it makes its user an active one."""

    event: Event
    outcome: Literal["granted", "empty", "refused", "aborted", "failed", "registered", "any"]
    channel: Literal["ui", "interface", "any"]
    service: Words
    """The service that published the event, or `any`; a row that names it goes before one that does not."""
    first: Day
    last: Day | None
    product: Words
    active_user: StrictBool
    why: Words


class _File(Strict):
    rows: tuple[ProductRow, ...]


class NoProductError(ValueError):
    """The table knows no product for an event: too old, or of an unknown kind.

    Attributes:
        code: ``usage.no_product``.
        reason: What is missing, in plain words.
    """

    code = "usage.no_product"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProductTable:
    """The table, ready for fast look-up.

    Args:
        rows: Its rows.
        file: Name of the file, for the faults.

    Raises:
        FileError: ``products.overlap`` when two rows of equal rank meet on a day, ``products.gap`` when an outcome
            and channel have no product from the first day of the table on.
    """

    def __init__(self, rows: Iterable[ProductRow], file: str = "products.yaml") -> None:
        self.rows = tuple(rows)
        self.active_products = frozenset(row.product for row in self.rows if row.active_user)
        """Products whose use makes an active user of the month."""
        self._by_key: dict[tuple[str, str, str, str], list[ProductRow]] = {}
        for row in sorted(self.rows, key=lambda row: row.first):
            for key in _keys(row):
                self._by_key.setdefault(key, []).append(row)
        self._remembered = lru_cache(maxsize=50_000)(self._find)  # asked once for every event
        if faults := [*self._overlaps(file), *self._gaps(file)]:
            raise FileError(faults)

    def of(self, event: Event, outcome: str, channel: str, service: str, day: date) -> ProductRow:
        """The row for an event on a Helsinki day.

        Raises:
            NoProductError: No row covers it.
        """
        return self._remembered(event, outcome, channel, service, day)

    def _find(self, event: Event, outcome: str, channel: str, service: str, day: date) -> ProductRow:
        for key in ((event, outcome, channel, service), (event, outcome, channel, ANY)):
            for row in self._by_key.get(key, ()):
                if row.first <= day and (row.last is None or day <= row.last):
                    return row
        raise NoProductError(f"No product is defined for {event} {outcome} over {channel} on {day}.")

    def unpriced(self, books: PriceBooks, file: str = "products.yaml") -> list[Fault]:
        """Products that an active book would have to price while a row holds, and does not."""
        return [
            Fault(
                "products.unpriced",
                file,
                f"{row.product} from {row.first}",
                f"{book.id} does not price {row.product}, which is metered while the book is valid.",
                "Price it in the book, at 0 if it is free.",
            )
            for row in self.rows
            for book in books.active
            if book.item(row.product) is None
            and (row.last is None or book.valid.first <= row.last)
            and (book.valid.last is None or row.first <= book.valid.last)
        ]

    def _overlaps(self, file: str) -> Iterator[Fault]:
        for key, rows in self._by_key.items():
            for earlier, later in pairwise(rows):
                if earlier.last is None or earlier.last >= later.first:
                    reason = f"{' '.join(key)} is both {earlier.product} and {later.product} on {later.first}."
                    yield Fault("products.overlap", file, later.product, reason, "End the earlier row before.")

    def _gaps(self, file: str) -> Iterator[Fault]:
        for event, outcomes in _OUTCOMES.items():
            for outcome, channel in combinations(outcomes, _CHANNELS):
                rows = self._by_key.get((event, outcome, channel, ANY), [])
                lasts = [row.last for row in rows]
                joined = all(
                    last is not None and last.toordinal() + 1 == row.first.toordinal()
                    for last, row in zip(lasts, rows[1:], strict=False)
                )
                if not rows or lasts[-1] is not None or not joined:
                    reason = f"{event} {outcome} over {channel} has no product on some day."
                    yield Fault("products.gap", file, outcome, reason, "Cover every day until further notice.")


def parse_products(file: str, content: object) -> ProductTable:
    """Read the table from its parsed YAML.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        return ProductTable(_File.model_validate(content).rows, file)
    except ValidationError as error:
        raise FileError(faults_of(error, "products", file, content)) from error


def _keys(row: ProductRow) -> Iterator[tuple[str, str, str, str]]:
    outcomes = _OUTCOMES[row.event] if row.outcome == ANY else (row.outcome,)
    channels = _CHANNELS if row.channel == ANY else (row.channel,)
    for outcome, channel in combinations(outcomes, channels):
        yield row.event, outcome, channel, row.service
