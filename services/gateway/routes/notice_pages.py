"""The notice handler's pages. Which notice is opened travels in forms, never in an address."""

from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.problems import wrong_form
from services.gateway.rendering import behalf_line, render
from shared.contracts.answers import Refused
from shared.contracts.asking import NoticeCommand, NoticeQuery, NoticesQuery, NoticeStatisticsQuery
from shared.contracts.base import Channel, Purpose

router = APIRouter(prefix="/notices", include_in_schema=False)
STATES = ("open", "taken", "overdue", "done", "moved")
_PURPOSE = {"purpose": Purpose.ETOTU}
"""The only purpose for which notices are read (domain 3.4), stated by whoever opens these pages."""


@router.get("")
async def choose(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The forms for the list and for the statistics; nothing is asked yet."""
    return render(request, parts, "notices.html", session=session, states=STATES, answer=None)


@router.post("")
async def list_notices(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of notices."""
    query = read(NoticesQuery, {**await checked_form(request, parts, session), **_PURPOSE})
    if isinstance(query, Rejected):
        raise wrong_form(query.fields)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.notices(asker, query)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(
        request,
        parts,
        "notices.html",
        session=session,
        states=STATES,
        answer=answer,
        asked=query,
        behalf=behalf_line(parts, asker.acting, language),
    )


@router.post("/open")
async def open_notice(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One notice with its client, and what may be done with it."""
    query = read(NoticeQuery, {**await checked_form(request, parts, session), **_PURPOSE})
    if isinstance(query, Rejected):
        raise wrong_form(query.fields)
    answer = await parts.desk.notice(parts.asker(session, Wish(), Channel.UI, language), query)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, "notice.html", session=session, answer=answer, key=uuid4().hex)


@router.post("/act")
async def act(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Take, finish or move the notice of the page."""
    command = read(NoticeCommand, {**await checked_form(request, parts, session), **_PURPOSE})
    if isinstance(command, Rejected):
        raise wrong_form(command.fields)
    answer = await parts.desk.act_on_notice(parts.asker(session, Wish(), Channel.UI, language), command)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, "notice_done.html", session=session, answer=answer)


@router.post("/statistics")
async def statistics(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Notices by type and delay."""
    query = read(NoticeStatisticsQuery, await checked_form(request, parts, session))
    if isinstance(query, Rejected):
        raise wrong_form(query.fields)
    answer = await parts.desk.statistics(parts.asker(session, Wish(), Channel.UI, language), query)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, "notice_statistics.html", session=session, answer=answer)
