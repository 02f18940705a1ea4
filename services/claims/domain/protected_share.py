"""The protected share (suojaosuus) of AML 14: what a client in care keeps of a month's net income, by date."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from pydantic import Field, TypeAdapter

from shared.clock.civil import Month
from shared.finnish.dated_rows import Dated
from shared.money import Money, cents


class ShareRow(Dated):
    """The share that holds for some months; `last` None: until further notice."""

    first: date
    last: date | None
    percent: int = Field(ge=0, le=100)
    euros: Money


class ProtectedShares:
    """The table.

    Args:
        rows: Its rows in order of days.

    Raises:
        ValueError: Two rows meet, or days between them have none.
    """

    def __init__(self, rows: Iterable[ShareRow]) -> None:
        self.rows: Sequence[ShareRow] = tuple(rows)
        for earlier, later in pairwise(self.rows):
            if earlier.last is None or earlier.last.toordinal() + 1 != later.first.toordinal():
                raise ValueError(f"the row of {later.first} does not follow the one before it")

    def of(self, income: Decimal, month: Month) -> Decimal:
        """What the client keeps of the month's net income (A 912/1992 33 §), in euros.

        Raises:
            ValueError: The table holds no row for the month.
        """
        for row in self.rows:
            if row.holds_on(month.first):
                return max(cents(income * row.percent / 100), row.euros)
        raise ValueError(f"no protected share is known for {month}")

    def highest_fee(self, income: Decimal, month: Month) -> Decimal:
        """The highest care fee that leaves the client the share (golden R2), never below zero."""
        return max(income - self.of(income, month), Decimal(0))


def read_shares(data: object) -> ProtectedShares:
    """Read the table from parsed data.

    Raises:
        ValidationError: A row breaks its form.
        ValueError: The rows do not follow each other.
    """
    return ProtectedShares(TypeAdapter(tuple[ShareRow, ...]).validate_python(data))
