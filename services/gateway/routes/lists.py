"""Lists of persons that Kela gives a municipality: the API and the labour market handler's page."""

from typing import Final, get_args

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import ListRequest
from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.sessions import Session
from shared.contracts.answers import ListPage
from shared.contracts.asking import ListName, ListQuery
from shared.contracts.base import Channel, Purpose

router = APIRouter()
LISTS: Final[tuple[ListName, ...]] = get_args(ListName)
LIST_PURPOSES: Final = (Purpose.TMT_LIST, Purpose.INVOICE_LIST)


@router.post("/api/v1/lists/{name}", response_model=ListPage, responses=PROBLEMS, tags=["lists"])
async def read_list(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, name: ListName, asked: ListRequest
) -> Response:
    """One page of a list. Every person on it is in the log before the page is shown."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.page_of_list(asker, query_of(name, asked)), language)


@router.get("/lists", include_in_schema=False)
async def choose_list(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The form in which a list and its purpose are chosen."""
    return _form(request, parts, session)


@router.post("/lists", include_in_schema=False)
async def list_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of the chosen list."""
    asked = read(ListQuery, await checked_form(request, parts, session))
    if isinstance(asked, Rejected):
        return _form(request, parts, session, errors=asked.fields, status=422)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.page_of_list(asker, asked)
    behalf = behalf_line(parts, asker.acting, language)
    return shown(
        request,
        parts,
        session,
        "lists.html",
        answer,
        lists=LISTS,
        purposes=LIST_PURPOSES,
        asked=asked,
        errors=(),
        behalf=behalf,
    )


def query_of(name: ListName, asked: ListRequest) -> ListQuery:
    """The question that a request asks."""
    return ListQuery(list=name, purpose=asked.purpose, month=asked.month, after=asked.after)


def _form(
    request: Request, parts: Parts, session: Session, *, errors: tuple[str, ...] = (), status: int = 200
) -> Response:
    return render(
        request,
        parts,
        "lists.html",
        session=session,
        status=status,
        lists=LISTS,
        purposes=LIST_PURPOSES,
        answer=None,
        errors=errors,
    )
