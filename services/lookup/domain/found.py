"""What the read model holds of one client, as the contracts of the register read it."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.contracts.answers import ClaimRow
from shared.contracts.base import Contract
from shared.contracts.register import Application, Decision, Payment, Person

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[C]):
    """One record of the read model and its id."""

    id: str
    body: C


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything known of one client. `claims` are those of the asking organisation only."""

    person: Person | None = None
    applications: tuple[Recorded[Application], ...] = ()
    decisions: tuple[Recorded[Decision], ...] = ()
    payments: tuple[Recorded[Payment], ...] = ()
    claims: tuple[Recorded[ClaimRow], ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether the register knows nothing of the client; own claims do not make anybody known."""
        return self.person is None and not (self.applications or self.decisions or self.payments)
