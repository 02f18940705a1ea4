"""How a worker has the person's page arranged: sorted by a column, a page of a long table, the last months. Pure.

Nothing is added or left out by it: what is shown was decided, and logged, by lookup.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

from shared.clock.civil import Month
from shared.contracts.answers import PersonView
from shared.contracts.base import Contract
from shared.money import parse_amount

ROW = TypeVar("ROW")
PAGE: Final = 50
"""Rows of one table on one page."""
MONTHS: Final = (3, 6, 12, 24)
"""Periods that the page offers, in months."""
PAGE_FIELDS: Final = frozenset({"sort", "sort_by", "page", "months"})
"""Fields of the page that are no part of the question."""
_NUMBER: Final = re.compile("[1-9][0-9]{0,5}")
_AMOUNTS: Final = frozenset({"amount", "gross", "withheld", "net"})
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "pending": ("benefit", "received", "estimated_decision"),
    "decisions": ("benefit", "result", "first", "amount", "decided"),
    "payments": ("payday", "benefit", "first", "gross", "withheld", "net"),
    "claims": ("number", "benefit", "state", "first", "effective_payday"),
}
"""Columns that each table can be sorted by."""


@dataclass(frozen=True, slots=True)
class Sorting:
    """One table by one of its columns."""

    table: str
    column: str
    down: bool = False

    def __str__(self) -> str:
        return f"{self.table}.{self.column}.{'down' if self.down else 'up'}"


@dataclass(frozen=True, slots=True)
class Page(Generic[ROW]):
    """A page of a table.

    Attributes:
        rows: What stands on it.
        total: How many rows there are in all.
        number: Which page, from 1.
    """

    rows: tuple[ROW, ...]
    total: int
    number: int

    @property
    def last(self) -> int:
        """The number of the last page."""
        return 1 if len(self.rows) == self.total else -(-self.total // PAGE)

    @property
    def begins(self) -> int:
        """The place of its first row among all, from 1."""
        return (self.number - 1) * PAGE + 1

    @property
    def ends(self) -> int:
        """The place of its last row among all."""
        return self.begins + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the page is arranged; what a form says otherwise than our pages do counts as not said."""

    sorting: Sorting | None = None
    page: tuple[str, int] | None = None
    months: int | None = None
    whole: bool = False
    """Whole tables, to be printed."""

    @classmethod
    def of(cls, fields: Mapping[str, str], *, whole: bool = False) -> "Arrangement":
        """Read the page's own fields of a form."""
        months = fields.get("months", "")
        return cls(
            sorting=_sorting(fields.get("sort_by") or fields.get("sort", "")),
            page=_page(fields.get("page", "")),
            months=int(months) if months in {str(one) for one in MONTHS} else None,
            whole=whole,
        )

    def since(self, today: date) -> date | None:
        """The first day of the chosen months, of which this one is the last; None when none are chosen."""
        return None if self.months is None else Month.of(today).plus(1 - self.months).first

    def arranged(self, view: PersonView) -> PersonView:
        """The person with the chosen table sorted."""
        if self.sorting is None:
            return view
        rows = _sorted(getattr(view, self.sorting.table), self.sorting)
        return view.model_copy(update={self.sorting.table: rows})

    def page_of(self, table: str, rows: Sequence[ROW]) -> Page[ROW]:
        """The page of a table that is shown: the first, unless another was chosen; after the last comes the last."""
        if self.whole:
            return Page(tuple(rows), len(rows), 1)
        wanted = self.page[1] if self.page is not None and self.page[0] == table else 1
        number = min(wanted, max(1, -(-len(rows) // PAGE)))
        return Page(tuple(rows[(number - 1) * PAGE : number * PAGE]), len(rows), number)


def _sorting(text: str) -> Sorting | None:
    table, _, rest = text.partition(".")
    column, _, way = rest.partition(".")
    known = column in COLUMNS.get(table, ()) and way in {"up", "down"}
    return Sorting(table, column, way == "down") if known else None


def _page(text: str) -> tuple[str, int] | None:
    table, _, number = text.partition(".")
    known = table in COLUMNS and _NUMBER.fullmatch(number) is not None
    return (table, int(number)) if known else None


def _sorted(rows: Sequence[Contract], sorting: Sorting) -> tuple[Contract, ...]:
    """Rows by a column; those that have nothing in it stand last, whichever way."""
    value = _value(sorting.column)
    filled = [row for row in rows if value(row) is not None]
    empty = [row for row in rows if value(row) is None]
    return (*sorted(filled, key=value, reverse=sorting.down), *empty)


def _value(column: str) -> Callable[[Contract], Any]:
    def of(row: Contract) -> date | str | Decimal | None:
        found: date | str | None = getattr(row, column)
        return parse_amount(found) if column in _AMOUNTS and isinstance(found, str) else found

    return of
