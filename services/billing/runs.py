"""What a closing run did, and what it could not do."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

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
    """A closed period that is rated otherwise now than its documents charged, or whose use changed at no cost.

    Attributes:
        agreement: Whose period.
        book: The price book.
        period: The period.
        charged: What its documents charged before.
        rated: What it is worth now.
        outcome: `waits` for the next invoice of who pays now, `invoiced` on one, `credited` by a note, or `recorded`
            where there is nothing to pay.
        document: What carries it; None while it waits and where there is nothing to carry.
    """

    agreement: str
    book: str
    period: str
    charged: Decimal
    rated: Decimal
    outcome: Literal["waits", "invoiced", "credited", "recorded"]
    document: str | None = None


@dataclass(slots=True)
class Run:
    """What a run did."""

    book: str
    period: str
    issued: list[Invoice] = field(default_factory=list)
    credited: list[Invoice] = field(default_factory=list)
    """Credit notes."""
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
        """Sum of the invoices that this run issued, credit notes apart."""
        return sum((invoice.total for invoice in self.issued), ZERO)

    @property
    def on_paper(self) -> list[str]:
        """Numbers of documents whose payer has no e-invoice address: they are sent by post."""
        return [one.number for one in (*self.issued, *self.credited) if one.delivery == "paper"]
