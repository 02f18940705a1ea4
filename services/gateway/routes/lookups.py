"""Look-ups: the API's and the search page's. An identity code travels in bodies only, never in an address."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import AnnotationForm, AnnotationRequest
from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.models import LookUpRequest
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.sending import sent
from shared.contracts.answers import LookUpAnnotated, NothingFound, PersonView
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
    asked = read(LookUpRequest, _nested(await checked_form(request, parts, session)))
    if isinstance(asked, Rejected):
        errors = asked.fields
        return render(
            request, parts, "search.html", session=session, status=422, purposes=SEARCH_PURPOSES, errors=errors
        )
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.look_up(asker, await _query(parts, asker, asked))
    template = "nothing.html" if isinstance(answer, NothingFound) else "person.html"
    behalf = behalf_line(parts, asker.acting, language)
    return shown(request, parts, session, template, answer, asked=asked, key=uuid4().hex, behalf=behalf)


@router.post("/annotate", include_in_schema=False)
async def annotate_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The button "wrong person" of the person's page."""
    remark = await sent(request, parts, session, AnnotationForm)
    asker = parts.asker(session, Wish(remark.organisation, remark.member), Channel.UI, language)
    answer = await parts.desk.annotate(asker, _remark(remark.access_event, remark))
    return shown(request, parts, session, "annotated.html", answer, status=201)


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
