"""Reports of the log supervisor: the generic ones, and a specific one under four eyes; API and pages.

What a specific report is about stands in forms and bodies, never in an address. Lists are read by a button: reading
them is an entry of the log.
"""

import base64
from enum import Enum
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.contracts.answers import (
    GenericReportFile,
    GenericReportList,
    Refused,
    SpecificReportDone,
    SpecificReportFile,
    SpecificReportList,
    SpecificReportView,
)
from shared.contracts.asking import (
    AskSpecificReport,
    DecideSpecificReport,
    GenericReportQuery,
    GenericReportsQuery,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.base import Channel

router = APIRouter()
_API = "/api/v1/log"
_TAGS: Final[list[str | Enum]] = ["supervision"]


class Nothing(BaseModel):
    """A question that says nothing more."""

    model_config = ConfigDict(extra="forbid")


class ReportRequest(GenericReportQuery):
    """One generic report in one form."""

    model_config = ConfigDict(extra="forbid")


class OrderRequest(AskSpecificReport):
    """An order for a specific report."""

    model_config = ConfigDict(extra="forbid")


class DecisionRequest(DecideSpecificReport):
    """A decision on one that another person ordered."""

    model_config = ConfigDict(extra="forbid")


class FetchRequest(SpecificReportQuery):
    """An approved specific report."""

    model_config = ConfigDict(extra="forbid")


class DownloadRequest(SpecificReportFileQuery):
    """The same in one form."""

    model_config = ConfigDict(extra="forbid")


@router.post(f"{_API}/reports", response_model=GenericReportList, responses=PROBLEMS, tags=_TAGS)
async def read_reports(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: Nothing) -> Response:
    """The generic reports of the own organisation, newest first."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return told(
        await parts.desk.log_report(asker, GenericReportsQuery(**asked.model_dump()), GenericReportList), language
    )


@router.post(f"{_API}/reports/file", response_model=GenericReportFile, responses=PROBLEMS, tags=_TAGS)
async def read_report(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: ReportRequest) -> Response:
    """One generic report as JSON, CSV, XLSX or PDF, its bytes in base64."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = GenericReportQuery.model_validate(asked.model_dump())
    return told(await parts.desk.log_report(asker, query, GenericReportFile), language)


@router.post(f"{_API}/specific", response_model=SpecificReportList, responses=PROBLEMS, tags=_TAGS)
async def read_orders(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: Nothing) -> Response:
    """Orders for specific reports that wait or were decided lately; never one about the reader."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = SpecificReportsQuery(**asked.model_dump())
    return told(await parts.desk.log_report(asker, query, SpecificReportList), language)


@router.post(f"{_API}/specific/order", response_model=SpecificReportDone, responses=PROBLEMS, tags=_TAGS)
async def order(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: OrderRequest) -> Response:
    """Order a specific report on a named suspicion. With the same idempotency key it is the same order."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    body = AskSpecificReport.model_validate(asked.model_dump())
    return told(await parts.desk.log_report(asker, body, SpecificReportDone), language)


@router.post(f"{_API}/specific/decide", response_model=SpecificReportDone, responses=PROBLEMS, tags=_TAGS)
async def decide(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: DecisionRequest) -> Response:
    """Approve or refuse an order of another person, with a reason."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    body = DecideSpecificReport.model_validate(asked.model_dump())
    return told(await parts.desk.log_report(asker, body, SpecificReportDone), language)


@router.post(f"{_API}/specific/open", response_model=SpecificReportView, responses=PROBLEMS, tags=_TAGS)
async def read_specific(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: FetchRequest) -> Response:
    """A specific report that was approved, made of what the log holds now."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = SpecificReportQuery(report=asked.report)
    return told(await parts.desk.log_report(asker, query, SpecificReportView), language)


@router.post(f"{_API}/specific/file", response_model=SpecificReportFile, responses=PROBLEMS, tags=_TAGS)
async def read_specific_file(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: DownloadRequest
) -> Response:
    """A specific report that was approved, as JSON, CSV, XLSX or PDF, its bytes in base64."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = SpecificReportFileQuery.model_validate(asked.model_dump())
    return told(await parts.desk.log_report(asker, query, SpecificReportFile), language)


@router.get("/log/reports", include_in_schema=False)
async def reports_asked(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """What the reports are, and the form of an order."""
    return _page(request, parts, session)


@router.post("/log/reports", include_in_schema=False)
async def reports_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The generic reports."""
    await sent(request, parts, session, Nothing)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.log_report(asker, GenericReportsQuery(), GenericReportList)
    return shown(request, parts, session, "log_reports.html", answer, errors=(), key=uuid4().hex)


@router.post("/log/reports/file", include_in_schema=False)
async def report_file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One generic report as a file."""
    asked = await sent(request, parts, session, ReportRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = GenericReportQuery.model_validate(asked.model_dump())
    answer = await parts.desk.log_report(asker, query, GenericReportFile)
    return _file(request, parts, session, answer)


@router.post("/log/specific", include_in_schema=False)
async def orders_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Orders for specific reports."""
    await sent(request, parts, session, Nothing)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.log_report(asker, SpecificReportsQuery(), SpecificReportList)
    return shown(request, parts, session, "log_specific.html", answer)


@router.post("/log/specific/order", include_in_schema=False)
async def order_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """An order, from its form."""
    asked = read(AskSpecificReport, await checked_form(request, parts, session))
    if isinstance(asked, Rejected):
        return _page(request, parts, session, errors=asked.fields, status=422)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.log_report(asker, asked, SpecificReportDone)
    return shown(request, parts, session, "log_specific.html", answer)


@router.post("/log/specific/decide", include_in_schema=False)
async def decide_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """A decision, from the form beside the order."""
    asked = await sent(request, parts, session, DecisionRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    body = DecideSpecificReport.model_validate(asked.model_dump())
    answer = await parts.desk.log_report(asker, body, SpecificReportDone)
    return shown(request, parts, session, "log_specific.html", answer)


@router.post("/log/specific/open", include_in_schema=False)
async def specific_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """An approved specific report."""
    asked = await sent(request, parts, session, FetchRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.log_report(asker, SpecificReportQuery(report=asked.report), SpecificReportView)
    return shown(request, parts, session, "log_specific_view.html", answer)


@router.post("/log/specific/file", include_in_schema=False)
async def specific_file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """An approved specific report as a file. Whoever fetches it is in the log before the file leaves."""
    asked = await sent(request, parts, session, DownloadRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    query = SpecificReportFileQuery.model_validate(asked.model_dump())
    return _file(request, parts, session, await parts.desk.log_report(asker, query, SpecificReportFile))


def _file(
    request: Request, parts: Parts, session: Session, answer: GenericReportFile | SpecificReportFile | Refused
) -> Response:
    if isinstance(answer, Refused):
        return shown(request, parts, session, "refused.html", answer)
    disposition = {"content-disposition": f'attachment; filename="{answer.name}"'}
    return Response(base64.b64decode(answer.content), media_type=answer.media, headers=disposition)


def _page(
    request: Request, parts: Parts, session: Session, *, errors: tuple[str, ...] = (), status: int = 200
) -> Response:
    return render(
        request,
        parts,
        "log_reports.html",
        session=session,
        status=status,
        errors=errors,
        answer=None,
        key=uuid4().hex,
    )
