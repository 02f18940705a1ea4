"""The benefits of Kela (etuudet): codes, names, rhythm and validity, from benefits.yaml."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.finnish.banking_days import is_holiday
from shared.finnish.errors import FormatError
from shared.finnish.tables import load_rows

Rhythm = Literal["monthly", "daily", "once"]
Group = Literal[
    "pension",
    "housing",
    "disability",
    "unemployment",
    "sickness",
    "family",
    "rehabilitation",
    "study",
    "social_assistance",
    "medicine",
]
_SATURDAY, _SUNDAY = 5, 6


class Benefit(BaseModel):
    """One benefit; `rhythm` says whether a decision's amount is per month, per benefit day or for once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str = Field(pattern=r"^[a-z0-9_]+$")
    fi: str
    sv: str
    en: str
    group: Group
    rhythm: Rhythm
    benefit_days: Literal["mon_fri", "mon_sat"] | None = None
    law: str | None = None
    first: date | None = None
    last: date | None = None

    @model_validator(mode="after")
    def _days_only_when_daily(self) -> "Benefit":
        if (self.rhythm == "daily") != (self.benefit_days is not None):
            raise ValueError(f"{self.code}: exactly the daily benefits have benefit days")
        return self

    def name(self, language: Literal["fi", "sv", "en"]) -> str:
        """Return the name for a reader."""
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[language]

    def exists_on(self, day: date) -> bool:
        """Tell whether Kela has the benefit on the day (basic social assistance only from 2017)."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@lru_cache(maxsize=1)
def benefits() -> Mapping[str, Benefit]:
    """Return every benefit by code, in the order of the table."""
    rows = [Benefit.model_validate(row) for row in load_rows("benefits.yaml")]
    table = {row.code: row for row in rows}
    if len(table) != len(rows):
        raise ValueError("benefits.yaml names a benefit twice")
    return MappingProxyType(table)


def benefit(code: str) -> Benefit:
    """Return the benefit with the code.

    Raises:
        FormatError: ``benefit.unknown``.
    """
    found = benefits().get(code)
    if found is None:
        raise FormatError("benefit.unknown", "There is no such benefit.", "Use a code of benefits.yaml.")
    return found


def benefit_days(code: str, first: date, last: date) -> int:
    """Count the days a daily benefit pays from ``first`` to ``last``, both included.

    Unemployment benefits count Monday to Friday, holidays too; sickness, parental and rehabilitation
    allowances count Monday to Saturday without holidays. 2.-15.1.2017 has 10 days of
    the former and 11 of the latter.

    Raises:
        FormatError: ``benefit.unknown``, or ``benefit.not_daily`` when the benefit has no benefit days.
    """
    rule = benefit(code).benefit_days
    if rule is None:
        raise FormatError("benefit.not_daily", "The benefit is not paid by the day.", "Count calendar days instead.")
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    if rule == "mon_fri":
        return sum(day.weekday() < _SATURDAY for day in days)
    return sum(day.weekday() < _SUNDAY and not is_holiday(day) for day in days)
