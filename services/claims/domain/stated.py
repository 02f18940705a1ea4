"""What comes with an act on a claim, and what the act is judged by besides the claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.claims.domain.allocation import CareFee
from services.claims.domain.facts import ExistingClaim
from services.claims.domain.lifecycle import Party
from services.claims.domain.registration import Claim
from shared.clock.civil import Month
from shared.contracts.base import Pseudonym


@dataclass(frozen=True, slots=True)
class Took:
    """What the claim took of one payment for one month: `last` is the last day of the month that was paid for."""

    payday: date
    month: Month
    last: date
    amount: Decimal
    held: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """What the municipality gave back to Kela (palautus), on which day, by which reference.

    A negative amount is one that Kela paid back to the municipality (hyvitys).
    """

    amount: Decimal
    day: date
    reference: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What comes with an act."""

    last: date | None = None
    deadline: date | None = None
    reason: str = ""
    advances: Mapping[Month, Decimal] = field(default_factory=dict)
    care: tuple[Month, CareFee] | None = None
    care_last: date | None = None
    returned: Returned | None = None
    holder: Pseudonym | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What an act is judged by besides the claim.

    Attributes:
        by: Who acts.
        day: Helsinki day of the act.
        took: What the claim has taken, as the books stand.
        stops_from: Payday of the next unpaid instalment (`booking.next_unpaid`).
        others: Open claims of the same body on the same benefit and ground, this one left out.
        died: The client's day of death, as far as the register has told of it.
        returned: What the municipality has given back of the claim before.
    """

    by: Party
    day: date
    took: Sequence[Took] = ()
    stops_from: date | None = None
    others: Sequence[ExistingClaim] = ()
    died: date | None = None
    returned: Sequence[Returned] = ()

    @property
    def paid(self) -> list[Took]:
        """What has gone out to the claimant."""
        return [one for one in self.took if not one.held and one.payday <= self.day]

    def pays_beyond(self, last: date) -> bool:
        """Whether something has gone out for days after this one."""
        return any(one.last > last for one in self.paid)

    def last_reached(self, claim: Claim) -> date:
        """The last day of a claim that stops today: the day of the act, or a later one that was paid for."""
        return max([claim.first, self.day, *(one.last for one in self.paid)])
