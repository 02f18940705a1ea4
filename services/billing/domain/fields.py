"""Fields of billing's data files: exact amounts, days and words; nothing unknown, nothing guessed."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from shared.contracts.base import Text
from shared.money import MoneyError, parse_amount


def _amount(decimals: int) -> BeforeValidator:
    def read(value: object) -> Decimal:
        if isinstance(value, float):
            raise PydanticCustomError("kelmu.float", "The amount is a binary float, which is not exact")
        if not isinstance(value, str):
            raise PydanticCustomError("kelmu.unquoted", "The amount is not a quoted string")
        try:
            amount = parse_amount(value, decimals=decimals)
        except MoneyError as error:
            raise PydanticCustomError("kelmu.amount", "{reason}", {"reason": error.reason.rstrip(".")}) from error
        if amount < 0:
            raise PydanticCustomError("kelmu.negative", "The amount is below zero")
        return amount

    return BeforeValidator(read)


Euros = Annotated[Decimal, _amount(2)]
"""An amount of a book, two decimals."""
EurosPerUnit = Annotated[Decimal, _amount(4)]
"""A price per unit, four decimals."""
Day = Annotated[date, Field(strict=True)]
MonthDay = Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
Words = Annotated[str, Field(min_length=1)]
BookId = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{2,30}$")]


class Strict(BaseModel):
    """A part of a file: immutable, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Wording(Text):
    """A text of a book in the three languages; all are needed, nothing else is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Strict):
    """First and last day, both included; `last` null means until further notice."""

    first: Day
    last: Day | None

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)
