"""What the generic report tells, as data: its indicators with their words, and its settings."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from shared.contracts.base import Contract, Text


class Indicator(Contract):
    """One row of the table of indicators."""

    id: str
    kind: Literal["count", "share", "parts"]
    text: Text
    counted: Text
    """How it is counted."""
    source: str


class ReportSettings(Contract):
    """What the reports go by."""

    people: Annotated[int, Field(ge=2)]
    band: Annotated[int, Field(ge=4)]
    idle_days: Annotated[int, Field(ge=1)]
    ready_hour: Annotated[int, Field(ge=0, le=23)]
    kept_months: Annotated[int, Field(ge=1)]
    trend_months: Annotated[int, Field(ge=1)]
    specific_days: Annotated[int, Field(ge=1)]
    specific_period_days: Annotated[int, Field(ge=1)]
    specific_entries: Annotated[int, Field(ge=1)]


class Indicators(Contract):
    """The table."""

    settings: ReportSettings
    indicators: tuple[Indicator, ...]

    def of(self, id_: str) -> Indicator:
        """The row of an indicator.

        Raises:
            KeyError: There is none.
        """
        found = {one.id: one for one in self.indicators}
        return found[id_]


class Hours(Contract):
    """From the first whole hour until before the last one."""

    first: Annotated[int, Field(ge=0, le=24)]
    last: Annotated[int, Field(ge=0, le=24)]

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.first >= self.last:
            raise ValueError("working hours begin before they end")
        return self


class WorkingHours(Contract):
    """The hours of units: by municipality code or business id, and of all others."""

    default: Hours
    units: dict[str, Hours]
