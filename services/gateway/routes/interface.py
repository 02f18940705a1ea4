"""The interface (rajapinta) for a municipality's own system: the same questions and the same gate.

No cookie is read and no form token asked for: the caller shows a token or a certificate each time.
"""

from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from services.gateway.asked import (
    InterfaceList,
    InterfaceLookUp,
    InterfaceNotice,
    InterfaceNoticeAct,
    InterfaceNotices,
)
from services.gateway.interface import Caller
from services.gateway.models import ProblemView
from services.gateway.parts import PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.routes.lists import query_of
from services.gateway.routes.notices import command_of, notice_of, notices_of
from shared.contracts.answers import ListPage, NothingFound, NoticeDone, NoticePage, NoticeView, PersonView
from shared.contracts.asking import ListName, PersonQuery

router = APIRouter(prefix="/api/v1/interface", tags=["interface"])
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    **PROBLEMS,
    401: {"model": ProblemView, "description": "No valid token or certificate"},
    409: {"model": ProblemView, "description": "Asked before with this idempotency key: not shown or charged twice"},
    429: {"model": ProblemView, "description": "The agreement's calls of this minute are used up; free of charge"},
}


@router.post("/lookups", response_model=PersonView | NothingFound, responses=_PROBLEMS)
async def look_up(parts: PartsOf, call: Caller, asked: InterfaceLookUp) -> Response:
    """Look up one person's benefits for the purpose of this call."""
    query = PersonQuery(
        identity_code=asked.identity_code,
        purpose=asked.purpose,
        informed=asked.informed,
        relation=asked.relation,
        benefit=asked.benefit,
        first=asked.first,
        last=asked.last,
    )
    return told(await parts.desk.look_up(call.asking(asked.member), query), call.language)


@router.post("/lists/{name}", response_model=ListPage, responses=_PROBLEMS)
async def read_list(parts: PartsOf, call: Caller, name: ListName, asked: InterfaceList) -> Response:
    """One page of a list."""
    return told(await parts.desk.page_of_list(call.asking(asked.member), query_of(name, asked)), call.language)


@router.post("/notices", response_model=NoticePage, responses=_PROBLEMS)
async def read_notices(parts: PartsOf, call: Caller, asked: InterfaceNotices) -> Response:
    """One page of notices."""
    return told(await parts.desk.notices(call.asking(asked.member), notices_of(asked)), call.language)


@router.post("/notices/open", response_model=NoticeView, responses=_PROBLEMS)
async def open_notice(parts: PartsOf, call: Caller, asked: InterfaceNotice) -> Response:
    """One notice with its client."""
    return told(await parts.desk.notice(call.asking(asked.member), notice_of(asked)), call.language)


@router.post("/notices/act", response_model=NoticeDone, responses=_PROBLEMS)
async def act_on_notice(parts: PartsOf, call: Caller, asked: InterfaceNoticeAct) -> Response:
    """Take, finish or move a notice. Sent again with its key, it answers as before, and nothing happens twice."""
    command = command_of(asked, call.command_key)
    return told(await parts.desk.act_on_notice(call.commanding(asked.member), command), call.language)
