"""Look-ups: the API's and the search page's. An identity code travels in bodies only, never in an address."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import AnnotationRequest
from services.gateway.desk import LookUpAnswer
from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.models import LookUpRequest
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.problems import wrong_form
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import behalf_line, render
from shared.contracts.answers import LookUpAnnotated, NothingFound, PersonView, Refused
from shared.contracts.asking import AnnotateLookUp, PersonQuery
from shared.contracts.base import Channel, Purpose

router = APIRouter()
SEARCH_PURPOSES = (Purpose.CHARGE, Purpose.VERIFY)
"""What the search page offers: the two purposes of L 812/2000 21 §."""
_RELATION = {"case_reference": "case_reference", "relation": "description"}
"""Fields of the form that together state a client relation."""


@router.post("/api/v1/lookups", response_model=PersonView | NothingFound, responses=PROBLEMS, tags=["look-ups"])
async def look_up(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: LookUpRequest) -> Response:
    """Look up one person's benefits for a stated purpose. Logged before anything is shown, whatever the outcome."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.look_up(asker, await _query(parts, asker, asked)), language)


@router.post(
    "/api/v1/lookups/{access_event}/annotation",
    status_code=201,
    response_model=LookUpAnnotated,
    responses=PROBLEMS,
    tags=["look-ups"],
)
async def annotate(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, access_event: UUID, remark: AnnotationRequest
) -> Response:
    """Remark on an own look-up that it was of the wrong person. The look-up stays in the log as it was."""
    asker = parts.asker(session, Wish(remark.organisation, remark.member), Channel.UI, language)
    return told(await parts.desk.annotate(asker, _remark(access_event, remark)), language, 201)


@router.post("/search", include_in_schema=False)
async def search(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The search page's form: the person's page, or the page that says why not."""
    fields = await checked_form(request, parts, session)
    asked = read(LookUpRequest, _nested(fields))
    if isinstance(asked, Rejected):
        return render(
            request, parts, "search.html", session=session, status=422, purposes=SEARCH_PURPOSES, errors=asked.fields
        )
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.look_up(asker, await _query(parts, asker, asked))
    template, status = _page_of(answer)
    return render(
        request,
        parts,
        template,
        session=session,
        status=status,
        answer=answer,
        asked=asked,
        key=uuid4().hex,
        behalf=behalf_line(parts, asker.acting, language),
    )


@router.post("/annotate", include_in_schema=False)
async def annotate_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The button "wrong person" of the person's page."""
    fields = await checked_form(request, parts, session)
    remark = read(AnnotateLookUp, {**fields, "note": "wrong_person"})
    if isinstance(remark, Rejected):
        raise wrong_form(remark.fields)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.annotate(asker, remark)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, "annotated.html", session=session, status=201, answer=answer)


def _nested(fields: Mapping[str, str]) -> dict[str, object]:
    """The form as the API's body: what belongs together stands together."""
    flat = {name: value for name, value in fields.items() if name not in _RELATION and name != "emergency"}
    relation = {inner: fields[name] for name, inner in _RELATION.items() if name in fields}
    nested: dict[str, object] = {**flat, "informed": "informed" in fields}
    if relation:
        nested["relation"] = {"case_reference": "", **relation}
    if "emergency" in fields:
        nested["emergency"] = {"reason": fields["emergency"]}
    return nested


async def _query(parts: Parts, asker: Asker, asked: LookUpRequest) -> PersonQuery:
    emergency = asked.emergency
    return PersonQuery(
        identity_code=asked.identity_code,
        purpose=asked.purpose,
        informed=asked.informed,
        relation=asked.relation,
        emergency=emergency and await parts.overrides.stated(asker, asked.identity_code, emergency.reason),
        benefit=asked.benefit,
        first=asked.first,
        last=asked.last,
        redisplay_of=asked.redisplay_of,
    )


def _remark(access_event: UUID, remark: AnnotationRequest) -> AnnotateLookUp:
    return AnnotateLookUp(
        idempotency_key=remark.idempotency_key, access_event=access_event, note=remark.note, text=remark.text
    )


def _page_of(answer: LookUpAnswer) -> tuple[str, int]:
    match answer:
        case PersonView():
            return "person.html", 200
        case NothingFound():
            return "nothing.html", 200
        case Refused():
            return "refused.html", 403
