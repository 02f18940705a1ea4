"""Look-ups: the API's and the search page's. An identity code travels in bodies only, never in an address."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.desk import LookUpAnswer
from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.models import LookUpRequest, ProblemView, RefusedView
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.refusing import refused
from services.gateway.rendering import behalf_line, render
from shared.contracts.answers import NothingFound, PersonView, Refused
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, Purpose

router = APIRouter()
SEARCH_PURPOSES = (Purpose.CHARGE, Purpose.VERIFY)
"""What the search page offers: the two purposes of L 812/2000 21 §."""


@router.post(
    "/api/v1/lookups",
    response_model=PersonView | NothingFound,
    responses={
        400: {"model": ProblemView},
        401: {"model": ProblemView},
        403: {"model": RefusedView, "description": "Refused by the gate, and logged"},
        409: {"model": ProblemView},
        413: {"model": ProblemView},
        415: {"model": ProblemView},
        422: {"model": ProblemView},
        503: {"model": ProblemView, "description": "Nothing was looked up"},
        504: {"model": ProblemView},
    },
    tags=["look-ups"],
)
async def look_up(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: LookUpRequest) -> Response:
    """Look up one person's benefits for a stated purpose. Logged before anything is shown, whatever the outcome."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.look_up(asker, _query(asked))
    if isinstance(answer, Refused):
        return refused(answer, language)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.post("/search", include_in_schema=False)
async def search(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The search page's form: the person's page, or the page that says why not."""
    fields = await checked_form(request, parts, session)
    asked = read(LookUpRequest, {**fields, "informed": "informed" in fields})
    if isinstance(asked, Rejected):
        return render(
            request, parts, "search.html", session=session, status=422, purposes=SEARCH_PURPOSES, errors=asked.fields
        )
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.look_up(asker, _query(asked))
    template, status = _page_of(answer)
    return render(
        request,
        parts,
        template,
        session=session,
        status=status,
        answer=answer,
        purpose=asked.purpose,
        behalf=behalf_line(parts, asker.acting, language),
    )


def _query(asked: LookUpRequest) -> PersonQuery:
    return PersonQuery(identity_code=asked.identity_code, purpose=asked.purpose, informed=asked.informed)


def _page_of(answer: LookUpAnswer) -> tuple[str, int]:
    match answer:
        case PersonView():
            return "person.html", 200
        case NothingFound():
            return "nothing.html", 200
        case Refused():
            return "refused.html", 403
