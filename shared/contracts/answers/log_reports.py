"""What the log supervisor is told: the generic reports, and a specific report under four eyes."""

from datetime import date
from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract, DataGroup, Instant, Pseudonym


class GenericReportRow(Contract):
    """A generic report that is kept."""

    report: UUID
    month: str
    organisation: str
    municipality: str
    made: Instant
    overrides: int
    """Emergency overrides that it lists."""


class GenericReportList(Contract):
    """The generic reports, newest first."""

    kind: Literal["generic_report_list"] = "generic_report_list"
    rows: tuple[GenericReportRow, ...]
    event: UUID


class GenericReportFile(Contract):
    """A generic report in one form. Holds no person."""

    kind: Literal["generic_report_file"] = "generic_report_file"
    name: str
    media: str
    content: str
    """Base64."""
    event: UUID


class SpecificReportRow(Contract):
    """An order for a specific report. Of the persons only those who ask and decide, by pseudonym."""

    report: UUID
    organisation: str
    about: Literal["worker", "client"]
    subject: Pseudonym
    first: date
    last: date
    reason: str
    """Why it was asked."""
    state: Literal["asked", "approved", "refused", "expired"]
    asked_by: Pseudonym
    asked_at: Instant
    decided_by: Pseudonym | None = None
    decided_at: Instant | None = None


class SpecificReportDone(Contract):
    """A step was taken."""

    kind: Literal["specific_report_done"] = "specific_report_done"
    row: SpecificReportRow
    event: UUID


class SpecificReportList(Contract):
    """Orders for specific reports, newest first."""

    kind: Literal["specific_report_list"] = "specific_report_list"
    rows: tuple[SpecificReportRow, ...]
    event: UUID


class Consulted(Contract):
    """Somebody who stands in a specific report often: a client that the worker looked at, or a worker who looked."""

    identity_code: str | None
    """None where it was erased or never known."""
    name: str | None = None
    """The worker's, in a report about a client."""
    times: int


class SpecificReportFile(Contract):
    """A specific report in one form, for the two who may see it. Its name names nobody, its content does."""

    kind: Literal["specific_report_file"] = "specific_report_file"
    name: str
    media: str
    content: str
    """Base64."""
    event: UUID


class SpecificReportView(Contract):
    """A specific report. Sign-ins are not in it: the log knows what was looked at."""

    kind: Literal["specific_report_view"] = "specific_report_view"
    row: SpecificReportRow
    attempts: int
    outcomes: dict[str, int]
    actions: dict[str, int]
    rules: dict[str, int]
    purposes: dict[str, int]
    groups: dict[DataGroup, int]
    hours: dict[int, int]
    """Attempts by hour of the Finnish clock."""
    overrides: tuple[Instant, ...]
    consulted: tuple[Consulted, ...]
    """The ones consulted most, in order."""
    cut: bool
    """There was more than a report goes through; ask for a shorter period."""
    event: UUID
