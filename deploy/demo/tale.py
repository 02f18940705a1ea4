"""What happened in the demonstration, collected as it goes: the material of `summary.json` and of the screen."""

import sys
import time
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(slots=True)
class Meeting:
    """One live request and what came of it."""

    what: str
    worker: str
    when: str
    status: int
    rule: str | None
    reason: str
    milliseconds: float


@dataclass(slots=True)
class Tale:
    """Everything that the checks, the summary and the screen need."""

    started: float = field(default_factory=time.monotonic)
    persons: int = 0
    register_records: int = 0
    meetings: list[Meeting] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    """What else happened, a line each."""
    log_report: list[str] = field(default_factory=list)
    """The first lines of a generic report of the log."""
    own_log: list[str] = field(default_factory=list)
    """A citizen's log: what it is, and its newest rows, a line each."""
    access_events: int = 0
    audit_entries: int = 0
    usage_rows: int = 0
    refusals: dict[str, int] = field(default_factory=dict)
    claims: dict[str, int] = field(default_factory=dict)
    invoiced: dict[str, Decimal] = field(default_factory=dict)
    """By period."""
    invoices: dict[str, int] = field(default_factory=dict)
    rerated: Decimal = Decimal(0)
    checks: list[tuple[str, bool, str]] = field(default_factory=list)
    """What was checked, whether it holds, and the figures."""
    marks: list[tuple[str, float]] = field(default_factory=list)
    """Chapters and the seconds since the start at which they ended."""

    def mark(self, chapter: str) -> None:
        """Note that a chapter has ended, and say so to whoever waits."""
        self.marks.append((chapter, self.seconds))
        sys.stderr.write(f"{self.seconds:6.1f} s  {chapter}\n")

    @property
    def seconds(self) -> float:
        """Seconds since the demonstration began."""
        return time.monotonic() - self.started

    def check(self, what: str, *, holds: bool, figures: str) -> None:
        """Note a check."""
        self.checks.append((what, holds, figures))

    @property
    def holds(self) -> bool:
        """Whether every check held, and there was something to check."""
        return bool(self.checks) and all(holds for _, holds, _ in self.checks)

    @property
    def total(self) -> Decimal:
        """All that was invoiced."""
        return sum(self.invoiced.values(), Decimal(0))

    def summary(self) -> dict[str, object]:
        """The summary for programs."""
        return {
            "access_events": self.access_events,
            "audit_entries": self.audit_entries,
            "usage_rows": self.usage_rows,
            "refusals": dict(sorted(self.refusals.items())),
            "claims": self.claims,
            "invoiced": str(self.total),
            "invoiced_by_period": {period: str(amount) for period, amount in self.invoiced.items()},
            "rerated": str(self.rerated),
            "prices_assumed": True,
            "persons": self.persons,
            "register_records": self.register_records,
            "checks": [{"what": what, "holds": holds, "figures": figures} for what, holds, figures in self.checks],
            "chapters": [{"chapter": chapter, "ended": round(at, 1)} for chapter, at in self.marks],
            "seconds": round(self.seconds, 1),
        }
