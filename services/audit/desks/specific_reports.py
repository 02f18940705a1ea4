"""The specific report at the desk, under four eyes: asked, decided by another person, and only then made and shown.

Each step is an access event first, and what changes by it changes when Kafka has acknowledged that event. The words
and the identity code of an order are sealed under audit's own key; the report is made anew at each fetching and kept
nowhere.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from services.audit.asking import Asking, Attempt
from services.audit.desks.specific_answers import file_of, row_of, view_of
from services.audit.domain import specific_refusals as refusals
from services.audit.domain.findings import findings
from services.audit.domain.indicators import ReportSettings
from services.audit.domain.looked import Looked
from services.audit.domain.refusals import explains
from services.audit.domain.specific import About, Person, SpecificReport, ask, decide, fetch
from services.audit.opening import Opening
from services.audit.personal import KEY_SET
from services.audit.requests import Served, refused
from services.audit.store import looking, specific
from services.audit.telling import Result, event_of
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing
from shared.clock.civil import Month
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import (
    SpecificReportDone,
    SpecificReportList,
    SpecificReportRow,
    SpecificReportView,
)
from shared.contracts.asking import (
    AskSpecificReport,
    DecideSpecificReport,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.base import Refusal, Role
from shared.database.engine import driver, raw
from shared.gate.facts import Function
from shared.gate.mandates import roles_in_force
from shared.ids import event_id

if TYPE_CHECKING:
    from asyncpg import Connection

SEALED_TYPE: Final = "kelmu.audit.specific_report.v1"


class SpecificReports:
    """The desk.

    Args:
        asking: The facts of the gate, and pseudonyms.
        engine: Audit's database.
        opening: Opens personal parts.
        ring: Audit's own keys.
        by: Settings of the reports.
    """

    def __init__(
        self, *, asking: Asking, engine: AsyncEngine, opening: Opening, ring: KeyRing, by: ReportSettings
    ) -> None:
        self._asking = asking
        self._engine = engine
        self._opening = opening
        self._ring = ring
        self._by = by
        self._lasts = timedelta(days=by.specific_days)

    @property
    def action(self) -> Action:
        """What the log calls it."""
        return Action.LOG_REPORT

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks."""
        return self._asking.who(request, Function.SPECIFIC_REPORT)

    def asked(self, attempt: Attempt) -> Result:
        """What was asked. The clear part names nobody: it tells which order, and which step."""
        body, client, reason = attempt.request.body, None, None
        match body:
            case AskSpecificReport():
                order = report_id(attempt.worker or "", body.idempotency_key)
                subject, reason = f"specific report {order} asked", body.reason
                code = self._asking.typed(body.identity_code) if About(body.about) is About.CLIENT else None
                client = None if code is None else code.reveal()
            case DecideSpecificReport():
                step = "approved" if body.approve else "refused"
                subject, reason = f"specific report {body.report} {step}", body.reason
            case SpecificReportQuery():
                subject = f"specific report {body.report} fetched"
            case SpecificReportFileQuery():
                subject = f"specific report {body.report} fetched as {body.form}"
            case _:
                subject = "specific reports"
        return Result(outcome=Outcome.GRANTED, action=self.action, client=client, subject=subject, reason=reason)

    async def serve(self, attempt: Attempt) -> Served:
        """Take a step, list orders, or make a report."""
        body = attempt.request.body
        match body:
            case AskSpecificReport():
                return await self._ask(attempt, body)
            case DecideSpecificReport():
                return await self._decide(attempt, body)
            case SpecificReportsQuery():
                return await self._list(attempt)
            case SpecificReportQuery():
                return await self._fetch(attempt, body.report)
            case SpecificReportFileQuery():
                return await self._download(attempt, body)
            case _:
                raise TypeError("this desk answers questions about specific reports")

    async def _ask(self, attempt: Attempt, body: AskSpecificReport) -> Served:
        code = self._asking.typed(body.identity_code)
        refusal = self._unclear(body)
        if refusal is not None or code is None:
            return refused(self, attempt, refusal or refusals.CODE_INVALID)
        person, about = self._person(attempt), About(body.about)
        id_ = report_id(person.worker, body.idempotency_key)
        plain = orjson.dumps({"identity_code": code.reveal(), "reason": body.reason})
        wanted = SpecificReport(
            id=id_,
            organisation=person.organisation,
            about=about,
            subject=(self._asking.worker if about is About.WORKER else self._asking.client)(code.reveal()),
            first=body.first,
            last=body.last,
            asked_by=person.worker,
            asked_at=attempt.time,
            sealed=self._ring.seal(KEY_SET, plain, id=id_, type=SEALED_TYPE),
        )
        # Under a key that was used before, what was ordered then is told, whatever is asked now.
        report = await self._known(id_) or ask(wanted, person)
        if isinstance(report, Refusal):
            return refused(self, attempt, report)
        return self._done(attempt, report, partial(self._keep, report))

    def _unclear(self, body: AskSpecificReport) -> Refusal | None:
        if not explains(body.reason):
            return refusals.REASON_MISSING
        days = (body.last - body.first).days
        return None if 0 <= days < self._by.specific_period_days else refusals.PERIOD

    async def _keep(self, report: SpecificReport) -> None:
        async with driver(self._engine) as conn:
            await specific.add(conn, report)

    async def _decide(self, attempt: Attempt, body: DecideSpecificReport) -> Served:
        report = await self._known(body.report)
        if report is None:
            return refused(self, attempt, refusals.UNKNOWN)
        if not explains(body.reason):
            return refused(self, attempt, refusals.REASON_MISSING)
        decided = decide(
            report,
            self._person(attempt),
            approve=body.approve,
            now=attempt.time,
            lasts=self._lasts,
        )
        if isinstance(decided, Refusal):
            return refused(self, attempt, decided)
        return self._done(attempt, decided, partial(self._keep_decision, decided))

    async def _keep_decision(self, report: SpecificReport) -> None:
        async with driver(self._engine) as conn:
            await specific.decide(conn, report)

    async def _list(self, attempt: Attempt) -> Served:
        person = self._person(attempt)
        async with driver(self._engine) as conn:
            found = await specific.newest(
                conn, None if person.auditor else person.organisation, attempt.time - 2 * self._lasts
            )
        # An order about oneself is not shown: it would warn the one who is suspected.
        rows = tuple(self._row(one, attempt) for one in found if not person.is_concerned(one.about, one.subject))
        return Served(self.asked(attempt), SpecificReportList(rows=rows, event=event_of(attempt.request.id)))

    async def _fetch(self, attempt: Attempt, id_: UUID) -> Served:
        report = await self._known(id_)
        if report is None:
            return refused(self, attempt, refusals.UNKNOWN)
        refusal = fetch(report, self._person(attempt), now=attempt.time, lasts=self._lasts)
        if refusal is not None:
            return refused(self, attempt, refusal)
        entries = await self._entries(report)
        told = findings(entries[: self._by.specific_entries], report.about)
        client = self._plain(report)["identity_code"] if report.about is About.CLIENT else None
        result = replace(self.asked(attempt), client=client, clients=told.clients)
        cut = len(entries) > self._by.specific_entries
        return Served(result, view_of(self._row(report, attempt), told, event_of(attempt.request.id), cut=cut))

    async def _download(self, attempt: Attempt, query: SpecificReportFileQuery) -> Served:
        """The same report as a file: judged, made and logged just as when it is shown."""
        served = await self._fetch(attempt, query.report)
        view = served.answer
        if not isinstance(view, SpecificReportView):
            return served
        answer = await asyncio.to_thread(file_of, view, attempt.request.language, query.form, attempt.time)
        return replace(served, answer=answer)

    async def _known(self, id_: UUID) -> SpecificReport | None:
        async with driver(self._engine) as conn:
            return await specific.by_id(conn, id_)

    async def _entries(self, report: SpecificReport) -> list[Looked]:
        """The entries of one moment, each with its personal part opened; one more than a report goes through."""
        async with self._engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            async with connection.begin():
                conn = await raw(connection)
                numbers = await self._numbers(conn, report, (report.first, report.last))
                sealed = await looking.sealed(conn, numbers)
        return self._opening.open(sealed[number] for number in numbers)

    async def _numbers(self, conn: "Connection", report: SpecificReport, period: tuple[date, date]) -> list[int]:
        most, organisation = self._by.specific_entries + 1, _says("organisation", report.organisation)
        if report.about is About.WORKER:
            return await specific.of_worker(conn, period, (_says("worker", report.subject), organisation), most)
        months = (str(Month.of(report.first)), str(Month.of(report.last)))
        keys = await looking.keys_of(conn, report.subject, *months)
        return await specific.of_client(conn, keys, period, organisation, most)

    def _person(self, attempt: Attempt) -> Person:
        if attempt.actor is None or attempt.own_code is None or attempt.worker is None:
            raise TypeError("the gate has let nobody pass who is not identified")
        return Person(
            worker=attempt.worker,
            client=self._asking.client(attempt.own_code),
            organisation=attempt.actor.organisation,
            auditor=Role.AUDITOR in roles_in_force(attempt.facts),
        )

    def _plain(self, report: SpecificReport) -> dict[str, str]:
        plain: dict[str, str] = orjson.loads(self._ring.open(report.sealed, id=report.id, type=SEALED_TYPE))
        return plain

    def _done(self, attempt: Attempt, report: SpecificReport, act: Callable[[], Awaitable[None]]) -> Served:
        answer = SpecificReportDone(row=self._row(report, attempt), event=event_of(attempt.request.id))
        return Served(self.asked(attempt), answer, act)

    def _row(self, report: SpecificReport, attempt: Attempt) -> SpecificReportRow:
        return row_of(report, self._plain(report)["reason"], report.at(attempt.time, self._lasts))


def report_id(worker: str, key: str) -> UUID:
    """The id of an order follows from who asks and their idempotency key: sent again, it is the same order."""
    return event_id("audit-specific-report", worker, key)


def _says(field: str, value: str) -> bytes:
    """A field and its value as a leaf has them: canonical JSON."""
    return f'"{field}":{orjson.dumps(value).decode()}'.encode()
