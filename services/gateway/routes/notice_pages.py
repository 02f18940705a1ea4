"""The notice handler's pages. Which notice is opened travels in forms, never in an address."""

from typing import Final, get_args
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import NoticeActRequest
from services.gateway.domain.acting import Wish
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.routes.notices import command_of
from services.gateway.sending import sent
from shared.contracts.asking import NoticeQuery, NoticesQuery, NoticeStatisticsQuery
from shared.contracts.base import Channel, Purpose

router = APIRouter(prefix="/notices", include_in_schema=False)
STATES: Final[tuple[str, ...]] = tuple(
    state for part in get_args(NoticesQuery.model_fields["state"].annotation) for state in get_args(part)
)
"""Every state that may be asked for, as the contract has them."""
_PURPOSE: Final = Purpose.ETOTU
"""The only purpose for which notices are read (domain 3.4), stated by whoever opens these pages."""


@router.get("")
async def choose(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The forms for the list and for the statistics; nothing is asked yet."""
    return render(request, parts, "notices.html", session=session, states=STATES, answer=None)


@router.post("")
async def list_notices(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of notices."""
    asked = await sent(request, parts, session, NoticesQuery, purpose=_PURPOSE)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.notices(asker, asked)
    behalf = behalf_line(parts, asker.acting, language)
    return shown(request, parts, session, "notices.html", answer, states=STATES, asked=asked, behalf=behalf)


@router.post("/open")
async def open_notice(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One notice with its client, and what may be done with it."""
    query = await sent(request, parts, session, NoticeQuery, purpose=_PURPOSE)
    answer = await parts.desk.notice(parts.asker(session, Wish(), Channel.UI, language), query)
    return shown(request, parts, session, "notice.html", answer, key=uuid4().hex)


@router.post("/act")
async def act(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Take, finish or move the notice of the page."""
    asked = await sent(request, parts, session, NoticeActRequest, purpose=_PURPOSE)
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.act_on_notice(asker, command_of(asked, asked.idempotency_key))
    return shown(request, parts, session, "notice_done.html", answer)


@router.post("/statistics")
async def statistics(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Notices by type and delay."""
    query = await sent(request, parts, session, NoticeStatisticsQuery)
    answer = await parts.desk.statistics(parts.asker(session, Wish(), Channel.UI, language), query)
    return shown(request, parts, session, "notice_statistics.html", answer)
