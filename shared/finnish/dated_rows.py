"""What the rows of every table as data have: where they come from, how sure that is, and for which days they hold."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Table(BaseModel):
    """Something of a data file; an unknown field in it is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Row(Table):
    """A row with its source. `mark`: C confirmed, I inferred, A assumed."""

    source: str = Field(min_length=1)
    mark: Literal["C", "I", "A"]


class Dated(Row):
    """A row that holds for some days; None: without such an end."""

    first: date | None = None
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def meets(self, other: "Dated") -> bool:
        """Whether the two rows share a day."""
        begins = max(self.first or date.min, other.first or date.min)
        return begins <= min(self.last or date.max, other.last or date.max)
