"""What the read model holds of one client, as the contracts of the register read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shared.contracts.answers import ClaimRow
from shared.contracts.base import Contract
from shared.contracts.register import Application, Decision, Insurance, Kind, Medicine, Payment, Person, Recovery

C = TypeVar("C", bound=Contract)


@dataclass(frozen=True, slots=True)
class Recorded(Generic[C]):
    """One record of the read model and its id."""

    id: str
    body: C


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything known of one client, for one asking worker. `claims` are those of the asking organisation only."""

    person: Person | None = None
    applications: tuple[Recorded[Application], ...] = ()
    decisions: tuple[Recorded[Decision], ...] = ()
    payments: tuple[Recorded[Payment], ...] = ()
    claims: tuple[Recorded[ClaimRow], ...] = ()
    insurance: tuple[Recorded[Insurance], ...] = ()
    recoveries: tuple[Recorded[Recovery], ...] = ()
    medicine: tuple[Recorded[Medicine], ...] = ()
    withdrawn: Mapping[Kind, int] = field(default_factory=dict)
    """Records that were errors, counted by kind: they are not shown."""
    notice: bool = False
    """A notice on the client was sent to the municipality on whose behalf is asked."""
    kinship: tuple[tuple[str, ...], ...] = ()
    """Every way from the worker to the client over household links, each as its kinds of link: (parent, sibling) is
    a sibling of the worker's parent. The empty path: the worker is the client. No path: not related, as far as the
    register knows."""

    @property
    def nothing(self) -> bool:
        """Whether the register knows nothing of the client; own claims do not make anybody known."""
        return self.person is None and not (self.applications or self.decisions or self.payments)
