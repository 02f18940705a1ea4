"""What a closing run did, and what it could not do."""

from dataclasses import dataclass, field
from decimal import Decimal

from services.billing.domain.invoice import Invoice
from shared.money import ZERO


@dataclass(frozen=True, slots=True)
class Parked:
    """An agreement that could not be invoiced in this run, and why; run again once the cause is mended."""

    agreement: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """An invoiced agreement whose period would now be rated otherwise: late usage, for a later document."""

    agreement: str
    number: str
    invoiced: Decimal
    rated: Decimal


@dataclass(slots=True)
class Run:
    """What a run did."""

    book: str
    period: str
    issued: list[Invoice] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    """Numbers of invoices that an earlier run issued."""
    rolled_over: dict[str, Decimal] = field(default_factory=dict)
    waived: dict[str, Decimal] = field(default_factory=dict)
    free: int = 0
    """Agreements with nothing to charge."""
    parked: list[Parked] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)

    @property
    def total(self) -> Decimal:
        """Sum of what this run issued."""
        return sum((invoice.total for invoice in self.issued), ZERO)
