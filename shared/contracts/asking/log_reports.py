"""Questions of the log supervisor: the generic reports, and a specific report under four eyes."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from shared.contracts.asking.words import Day, IdempotencyKey, Sentence
from shared.contracts.base import Contract

ReportForm = Literal["json", "csv", "xlsx", "pdf"]


class GenericReportsQuery(Contract):
    """Which generic reports there are of the own organisation; Kela's auditor sees those of all."""

    kind: Literal["generic_reports"] = "generic_reports"


class GenericReportQuery(Contract):
    """One generic report in one form."""

    kind: Literal["generic_report"] = "generic_report"
    report: UUID
    form: ReportForm = "json"


class AskSpecificReport(Contract):
    """Ask for a report on a named suspicion. Another person decides."""

    kind: Literal["ask_specific_report"] = "ask_specific_report"
    idempotency_key: IdempotencyKey
    about: Literal["worker", "client"]
    identity_code: Annotated[str, Field(max_length=32)]
    """Of the one whom it is about."""
    first: Day
    last: Day
    reason: Sentence


class DecideSpecificReport(Contract):
    """Approve or refuse a report that another person asked for."""

    kind: Literal["decide_specific_report"] = "decide_specific_report"
    report: UUID
    approve: bool
    reason: Sentence


class SpecificReportsQuery(Contract):
    """Which specific reports wait, or were decided lately."""

    kind: Literal["specific_reports"] = "specific_reports"


class SpecificReportQuery(Contract):
    """A specific report that was approved."""

    kind: Literal["specific_report"] = "specific_report"
    report: UUID


class SpecificReportFileQuery(Contract):
    """The same as a file."""

    kind: Literal["specific_report_file"] = "specific_report_file"
    report: UUID
    form: ReportForm = "json"
