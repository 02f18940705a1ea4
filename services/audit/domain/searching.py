"""What a search of the log demands: as bytes that a leaf must hold, and as words that the log keeps of the search."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson

from shared.contracts.asking import LogSearchQuery
from shared.contracts.base import Pseudonym

PSEUDONYM: Final = re.compile(r"v[0-9]+\.[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Demand:
    """What entries must be of.

    Attributes:
        fields: Fields of the clear part and the values that they must have.
        period: First and last Finnish day.
    """

    fields: tuple[tuple[str, str | bool], ...]
    period: tuple[date, date]

    @classmethod
    def of(cls, query: LogSearchQuery, worker: Pseudonym | None) -> "Demand":
        """From a query whose words were judged."""
        wanted: tuple[tuple[str, str | bool | None], ...] = (
            ("organisation", query.organisation),
            ("worker", worker),
            ("outcome", query.outcome),
            ("rule", query.rule),
            ("purpose", query.purpose),
            ("emergency", query.emergency or None),
        )
        return cls(tuple((name, value) for name, value in wanted if value is not None), (query.first, query.last))

    def patterns(self) -> list[bytes]:
        """Each field as it stands in a leaf: canonical JSON, in which no text can hold an unescaped quotation mark."""
        return [orjson.dumps(name) + b":" + orjson.dumps(value) for name, value in self.fields]

    def subject(self) -> str:
        """What was searched for, as the log keeps it. A client's code is no field: it is kept sealed."""
        words = [f"{name}={str(value).lower() if isinstance(value, bool) else value}" for name, value in self.fields]
        return " ".join([f"{self.period[0]}..{self.period[1]}", *words])
