"""The generic reports at the desk: which there are, and one of them in one form. They hold no person."""

import base64

from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit.asking import Asking, Attempt
from services.audit.domain import specific_refusals as refusals
from services.audit.domain.generic_report import GenericReport
from services.audit.outputs.folder import MEDIA, stem, written
from services.audit.report_data import indicators
from services.audit.requests import Served, refused
from services.audit.store import reports
from services.audit.telling import Result, event_of
from shared.bus.requests import Request
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import GenericReportFile, GenericReportList, GenericReportRow
from shared.contracts.asking import GenericReportQuery, GenericReportsQuery
from shared.contracts.base import Role
from shared.database.engine import driver
from shared.gate.facts import Function
from shared.gate.mandates import roles_in_force


class GenericReports:
    """The desk: the log supervisor sees the reports of the own organisation, Kela's auditor those of all.

    Args:
        asking: The facts of the gate.
        engine: Audit's database.
    """

    def __init__(self, *, asking: Asking, engine: AsyncEngine) -> None:
        self._asking = asking
        self._engine = engine

    @property
    def action(self) -> Action:
        """What the log calls it."""
        return Action.LOG_REPORT

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self._asking.who(request, Function.GENERIC_REPORT)

    def asked(self, attempt: Attempt) -> Result:
        """What was asked."""
        body = attempt.request.body
        subject = (
            f"generic report {body.report} {body.form}" if isinstance(body, GenericReportQuery) else "generic reports"
        )
        return Result(outcome=Outcome.GRANTED, action=self.action, subject=subject)

    async def serve(self, attempt: Attempt) -> Served:
        """The list, or one report."""
        body = attempt.request.body
        match body:
            case GenericReportsQuery():
                return await self._list(attempt)
            case GenericReportQuery():
                return await self._one(attempt, body)
            case _:
                raise TypeError("this desk answers questions about generic reports")

    async def _list(self, attempt: Attempt) -> Served:
        async with driver(self._engine) as conn:
            rows = await reports.rows(conn, _scope(attempt))
        answer = GenericReportList(
            rows=tuple(
                GenericReportRow(
                    report=one.id,
                    month=str(one.month),
                    organisation=one.organisation,
                    municipality=one.municipality,
                    made=one.made,
                    overrides=len(one.overrides),
                )
                for one in rows
            ),
            event=event_of(attempt.request.id),
        )
        return Served(self.asked(attempt), answer)

    async def _one(self, attempt: Attempt, query: GenericReportQuery) -> Served:
        async with driver(self._engine) as conn:
            report = await reports.by_id(conn, query.report)
        if report is None or not _may_see(attempt, report):
            return refused(self, attempt, refusals.UNKNOWN)
        content = written(report, indicators(), attempt.request.language, query.form)
        answer = GenericReportFile(
            name=f"{stem(report)}.{query.form}",
            media=MEDIA[query.form],
            content=base64.b64encode(content).decode(),
            event=event_of(attempt.request.id),
        )
        return Served(self.asked(attempt), answer)


def _scope(attempt: Attempt) -> str | None:
    """Whose reports are seen: the own organisation's; None: of all."""
    if Role.AUDITOR in roles_in_force(attempt.facts):
        return None
    return "" if attempt.actor is None else attempt.actor.organisation


def _may_see(attempt: Attempt, report: GenericReport) -> bool:
    scope = _scope(attempt)
    return scope is None or (scope != "" and scope == report.organisation)
