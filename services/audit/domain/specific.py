"""The specific report (erityinen lokiraportti) on a named suspicion, under four eyes: its life and who may do what.

    asked --approve--> approved --(14 days)--> expired
      |----refuse----> refused
      '---(14 days)--> expired

One log supervisor asks with a reason; another person approves or refuses with a reason: a log supervisor of the same
organisation or Kela's auditor, never the one who asked and never the one whom it is about. Only an approved report is
fetched, by those two. A step that is
repeated by the same person changes nothing and is not refused.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.audit.domain import specific_refusals as refusals
from shared.contracts.base import Pseudonym, Refusal


class State(StrEnum):
    """Where a report stands; expired follows from the day and is stored nowhere."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"


class About(StrEnum):
    """Whom a report is about."""

    WORKER = "worker"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, decides or fetches.

    Attributes:
        worker: Pseudonym as a worker.
        client: Pseudonym as a client: nobody decides on a report about themselves.
        organisation: In whose name.
        auditor: Whether Kela's auditor.
    """

    worker: Pseudonym
    client: Pseudonym
    organisation: str
    auditor: bool = False

    def is_concerned(self, about: About, subject: Pseudonym) -> bool:
        """Whether the report is about this person."""
        return subject == (self.worker if about is About.WORKER else self.client)


@dataclass(frozen=True, slots=True)
class SpecificReport:
    """An order for a report.

    Attributes:
        id: Follows from who asked and their idempotency key.
        organisation: Whose use is looked at.
        subject: Pseudonym of the one whom it is about.
        asked_by: Pseudonym of the worker who asked.
        sealed: The identity code and the reason, under audit's own key.
    """

    id: UUID
    organisation: str
    about: About
    subject: Pseudonym
    first: date
    last: date
    asked_by: Pseudonym
    asked_at: datetime
    sealed: str
    state: State = State.ASKED
    decided_by: Pseudonym | None = None
    decided_at: datetime | None = None

    def at(self, now: datetime, lasts: timedelta) -> State:
        """Where it stands now; what was refused stays refused.

        Args:
            now: Business clock.
            lasts: How long a question waits, and how long what was approved can be fetched.
        """
        since = self.decided_at or self.asked_at
        return State.EXPIRED if self.state is not State.REFUSED and now >= since + lasts else self.state


def ask(report: SpecificReport, by: Person) -> SpecificReport | Refusal:
    """A question as it is asked, or why not."""
    if by.auditor:
        return refusals.SUPERVISOR_ASKS
    return refusals.CONCERNED if by.is_concerned(report.about, report.subject) else report


def decide(
    report: SpecificReport, by: Person, *, approve: bool, now: datetime, lasts: timedelta
) -> SpecificReport | Refusal:
    """The report as it is decided, or why it cannot be.

    Args:
        report: As it stands.
        by: Who decides.
        approve: Approve or refuse.
        now: Business clock.
        lasts: How long a question waits.
    """
    if not _may_see(report, by):
        return refusals.UNKNOWN
    state = State.APPROVED if approve else State.REFUSED
    if (report.decided_by, report.state) == (by.worker, state):
        return report
    refusal = _undecidable(report, by, report.at(now, lasts))
    if refusal is not None:
        return refusal
    return replace(report, state=state, decided_by=by.worker, decided_at=now)


def fetch(report: SpecificReport, by: Person, *, now: datetime, lasts: timedelta) -> Refusal | None:
    """Why the report is not shown; None when it is."""
    if not _may_see(report, by) or by.worker not in (report.asked_by, report.decided_by):
        return refusals.UNKNOWN
    if by.is_concerned(report.about, report.subject):
        return refusals.CONCERNED
    match report.at(now, lasts):
        case State.APPROVED:
            return None
        case State.ASKED:
            return refusals.UNDECIDED
        case State.REFUSED:
            return refusals.REFUSED
        case State.EXPIRED:
            return refusals.EXPIRED


def _undecidable(report: SpecificReport, by: Person, state: State) -> Refusal | None:
    if by.worker == report.asked_by:
        return refusals.SAME_PERSON
    if by.is_concerned(report.about, report.subject):
        return refusals.CONCERNED
    if state is State.EXPIRED:
        return refusals.EXPIRED
    return None if state is State.ASKED else refusals.DECIDED


def _may_see(report: SpecificReport, by: Person) -> bool:
    """Whoever may not is told no more than of a report that does not exist."""
    return by.auditor or by.organisation == report.organisation
