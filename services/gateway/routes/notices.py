"""Notices (eTotu-ilmoitukset): list them, open one, take, finish or move it, and their statistics, as the API."""

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.asked import (
    NoticeAct,
    NoticeActRequest,
    NoticeRequest,
    NoticesRequest,
    StatisticsRequest,
)
from services.gateway.domain.acting import Wish
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.refusing import PROBLEMS, told
from shared.contracts.answers import NoticeDone, NoticePage, NoticeStatistics, NoticeView
from shared.contracts.asking import NoticeCommand, NoticeQuery, NoticesQuery, NoticeStatisticsQuery
from shared.contracts.base import Channel

router = APIRouter(tags=["notices"])
_API = "/api/v1/notices"


@router.post(_API, response_model=NoticePage, responses=PROBLEMS)
async def read_notices(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: NoticesRequest) -> Response:
    """One page of the municipality's notices. Nothing in it names a client."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.notices(asker, notices_of(asked)), language)


@router.post(f"{_API}/open", response_model=NoticeView, responses=PROBLEMS)
async def open_notice(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: NoticeRequest) -> Response:
    """One notice with its client, logged before it is shown."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.notice(asker, notice_of(asked)), language)


@router.post(f"{_API}/act", response_model=NoticeDone, responses=PROBLEMS)
async def act_on_notice(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: NoticeActRequest
) -> Response:
    """Take, finish or move a notice as the worker saw it; of a stale version the newer one is told."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.act_on_notice(asker, command_of(asked, asked.idempotency_key)), language)


@router.post(f"{_API}/statistics", response_model=NoticeStatistics, responses=PROBLEMS)
async def read_statistics(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: StatisticsRequest
) -> Response:
    """How many notices of each type there were in the period, and how late; no persons."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    query = NoticeStatisticsQuery(first=asked.first, last=asked.last)
    return told(await parts.desk.statistics(asker, query), language)


def notices_of(asked: NoticesRequest) -> NoticesQuery:
    """The question that a request for notices asks."""
    return NoticesQuery(purpose=asked.purpose, state=asked.state, after=asked.after)


def notice_of(asked: NoticeRequest) -> NoticeQuery:
    """The question that a request for one notice asks."""
    return NoticeQuery(purpose=asked.purpose, notice=asked.notice)


def command_of(asked: NoticeAct, key: str) -> NoticeCommand:
    """The command that a request gives."""
    return NoticeCommand(
        idempotency_key=key,
        purpose=asked.purpose,
        notice=asked.notice,
        version=asked.version,
        action=asked.action,
        to=asked.to,
        reason=asked.reason,
    )
