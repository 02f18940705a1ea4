"""What a change states of a claim's terms, and a change that waits for its hearing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.claims.domain.allocation import CareFee
from shared.clock.civil import Month


@dataclass(frozen=True, slots=True)
class Widening:
    """A change that takes more than the client was heard about (V15): nothing of it holds until it is decided.

    `advances` are those that change, `care` another fee and the month from which it holds; `heard` tells that the
    client was asked to be heard about it.
    """

    last: date | None = None
    advances: Mapping[Month, Decimal] = field(default_factory=dict)
    care: tuple[Month, CareFee] | None = None
    care_last: date | None = None
    heard: bool = False
