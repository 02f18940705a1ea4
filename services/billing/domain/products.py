"""The one table from what happened to the product that is metered (golden R9).

What was attempted, what came of it, over which channel and on which day say which product it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise
from itertools import product as combinations
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field, StrictBool, ValidationError

from services.billing.domain.books import PriceBooks
from services.billing.domain.faults import Fault, FileError, faults_of
from services.billing.domain.fields import Day, Strict, Words
from shared.contracts.access import Action, Outcome
from shared.contracts.base import Channel

Event = Literal["access", "claim"]
ANY: Final = "any"
REGISTER: Final = "register"
REGISTERED: Final = "registered"
ANSWERED: Final = "answered"
"""Granted or empty: the question was answered."""
_ACTIONS: Final[dict[Event, tuple[str, ...]]] = {"access": tuple(Action), "claim": (REGISTER,)}
_OUTCOMES: Final[dict[Event, tuple[str, ...]]] = {"access": tuple(Outcome), "claim": (REGISTERED,)}
_CHANNELS: Final = tuple(str(channel) for channel in Channel)


class Use(NamedTuple):
    """What happened, as far as it decides the product."""

    event: Event
    action: str
    outcome: str
    channel: str
    service: str


class ProductRow(Strict):
    """Which product a use is, for how long that mapping holds, and whether it makes its user an active one."""

    event: Event
    action: Literal[
        "look_up",
        "redisplay",
        "list",
        "notices",
        "notice",
        "notice_change",
        "annotation",
        "dry_run",
        "log_view",
        "log_search",
        "log_report",
        "register",
        "any",
    ]
    outcome: Literal["granted", "empty", "answered", "refused", "aborted", "failed", "registered", "any"]
    channel: Literal["ui", "interface", "citizen", "any"]
    service: Words
    """The service that published the event, or `any`; a row that names it goes before one that does not."""
    first: Day
    last: Day | None
    product: Words
    active_user: StrictBool
    why: Words


class UsageLimits(Strict):
    """How far an event's own time may lie from now before it is set aside."""

    future_minutes: Annotated[int, Field(ge=0, le=60)]
    """Clocks of two machines differ; an event beyond this is an error."""
    oldest_years: Annotated[int, Field(ge=1, le=50)]
    source: Words
    assumed: StrictBool


class _File(Strict):
    limits: UsageLimits
    publishers: dict[Words, tuple[Words, ...]]
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


class PublisherError(ValueError):
    """Somebody told of a use that is another service's to tell.

    Attributes:
        code: ``usage.publisher``.
        reason: What does not fit, in plain words.
    """

    code = "usage.publisher"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ProductTable:
    """The table, ready for fast look-up.

    Args:
        rows: Its rows.
        limits: Between which times a use is taken.
        publishers: By whom the uses of each service may be told; of others nobody's are taken.
        file: Name of the file, for the faults.

    Raises:
        FileError: ``products.overlap`` when two rows of equal rank meet on a day, ``products.gap`` when an action,
            outcome and channel have no product from the first day of the table on.
    """

    def __init__(
        self,
        rows: Iterable[ProductRow],
        limits: UsageLimits,
        publishers: Mapping[str, Sequence[str]],
        file: str = "products.yaml",
    ) -> None:
        self.rows = tuple(rows)
        self.limits = limits
        self._told = frozenset((service, who) for service, several in publishers.items() for who in several)
        self.active_products = frozenset(row.product for row in self.rows if row.active_user)
        """Products whose use makes an active user of the month."""
        self._by_key: dict[Use, list[ProductRow]] = {}
        for row in sorted(self.rows, key=lambda row: row.first):
            for key in _keys(row):
                self._by_key.setdefault(key, []).append(row)
        self._remembered = lru_cache(maxsize=50_000)(self._find)  # asked once for every event
        if faults := [*self._overlaps(file), *self._gaps(file)]:
            raise FileError(faults)

    def of(self, use: Use, day: date) -> ProductRow:
        """The row for a use on a Helsinki day.

        Raises:
            NoProductError: No row covers it.
        """
        return self._remembered(use, day)

    def check_publisher(self, service: str, publisher: str) -> None:
        """Whether a use of a service may have been told by whoever published it.

        Raises:
            PublisherError: It may not.
        """
        if (service, publisher) not in self._told:
            raise PublisherError(
                f"The event says that {service[:40]} made it, but {publisher[:40] or 'nobody'} published it: no use is "
                "taken from a service that it is not of. Find out who published it; replay it if the table of "
                "publishers in products.yaml was wrong."
            )

    def _find(self, use: Use, day: date) -> ProductRow:
        for key in (use, use._replace(service=ANY)):
            for row in self._by_key.get(key, ()):
                if row.first <= day and (row.last is None or day <= row.last):
                    return row
        raise NoProductError(
            f"No product is defined for {use.event} {use.action} {use.outcome} over {use.channel} on {day}."
        )

    def unpriced(self, books: PriceBooks, file: str = "products.yaml") -> list[Fault]:
        """Products that a book, in force or not, would have to price while a row holds, and does not."""
        return [
            Fault(
                "products.unpriced",
                file,
                f"{row.product} from {row.first}",
                f"{book.name} does not price {row.product}, which is metered while the book is valid.",
                "Price it in the book, at 0 if it is free.",
            )
            for row in self.rows
            for book in books.files.values()
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
            for action, outcome, channel in combinations(_ACTIONS[event], outcomes, _CHANNELS):
                rows = self._by_key.get(Use(event, action, outcome, channel, ANY), [])
                lasts = [row.last for row in rows]
                joined = all(
                    last is not None and last.toordinal() + 1 == row.first.toordinal()
                    for last, row in zip(lasts, rows[1:], strict=False)
                )
                if not rows or lasts[-1] is not None or not joined:
                    reason = f"{event} {action} {outcome} over {channel} has no product on some day."
                    yield Fault("products.gap", file, outcome, reason, "Cover every day until further notice.")


def parse_products(file: str, content: object) -> ProductTable:
    """Read the table from its parsed YAML.

    Raises:
        FileError: Every fault of the file.
    """
    try:
        read = _File.model_validate(content)
        return ProductTable(read.rows, read.limits, read.publishers, file)
    except ValidationError as error:
        raise FileError(faults_of(error, "products", file, content)) from error


def _keys(row: ProductRow) -> Iterator[Use]:
    actions = _ACTIONS[row.event] if row.action == ANY else (row.action,)
    channels = _CHANNELS if row.channel == ANY else (row.channel,)
    for action, outcome, channel in combinations(actions, _outcomes(row), channels):
        yield Use(row.event, action, outcome, channel, row.service)


def _outcomes(row: ProductRow) -> tuple[str, ...]:
    if row.outcome == ANY:
        return _OUTCOMES[row.event]
    return (Outcome.GRANTED, Outcome.EMPTY) if row.outcome == ANSWERED else (row.outcome,)
