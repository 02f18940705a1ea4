"""What the desk of specific reports answers: an order, the report, and the report as a file."""

import base64
from datetime import datetime
from uuid import UUID

from services.audit.domain.findings import Findings
from services.audit.domain.specific import SpecificReport, State
from services.audit.outputs.folder import MEDIA
from services.audit.outputs.specific_files import specific_stem, specific_written
from shared.contracts.answers import SpecificReportFile, SpecificReportRow, SpecificReportView
from shared.contracts.base import Language


def row_of(report: SpecificReport, reason: str, state: State) -> SpecificReportRow:
    """An order as it stands.

    Args:
        report: The order.
        reason: Why it was asked, unsealed.
        state: Where it stands now.
    """
    return SpecificReportRow(
        report=report.id,
        organisation=report.organisation,
        about=report.about.value,
        subject=report.subject,
        first=report.first,
        last=report.last,
        reason=reason,
        state=state.value,
        asked_by=report.asked_by,
        asked_at=report.asked_at,
        decided_by=report.decided_by,
        decided_at=report.decided_at,
    )


def view_of(row: SpecificReportRow, told: Findings, event: UUID, *, cut: bool) -> SpecificReportView:
    """The report itself."""
    return SpecificReportView(
        row=row,
        attempts=told.attempts,
        outcomes=told.outcomes,
        actions=told.actions,
        rules=told.rules,
        purposes=told.purposes,
        groups=told.groups,
        hours=told.hours,
        overrides=told.overrides,
        consulted=told.consulted,
        cut=cut,
        event=event,
    )


def file_of(view: SpecificReportView, language: Language, form: str, made: datetime) -> SpecificReportFile:
    """The report in one form.

    Raises:
        KeyError: There is no such form.
    """
    return SpecificReportFile(
        name=f"{specific_stem(view)}.{form}",
        media=MEDIA[form],
        content=base64.b64encode(specific_written(view, language, form, made)).decode(),
        event=view.event,
    )
