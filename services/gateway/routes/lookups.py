"""Look-ups: the API's and the search page's. An identity code travels in bodies only, never in an address."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import AnnotationForm, AnnotationRequest
from services.gateway.domain.acting import Wish
from services.gateway.domain.arranging import MONTHS, PAGE_FIELDS, Arrangement
from services.gateway.domain.timeline import Timeline, months_shown, timeline
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.models import LookUpRequest
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Session
from shared.clock.civil import helsinki_date
from shared.contracts.answers import LookUpAnnotated, NothingFound, PersonView
from shared.contracts.asking import AnnotateLookUp, PersonQuery
from shared.contracts.base import Channel, Language, Purpose

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
    """The search page's form: the person's page, or the page that says why not.

    The person's page sends the same form again, filtered, sorted or on another page of a table: each time it is a
    question of its own that the log knows as a redisplay (golden R9).
    """
    return await _person(request, parts, session, language, printed=False)


@router.post("/search/print", include_in_schema=False)
async def print_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The person's page to print, whole; the log tells that it was asked for to be printed."""
    return await _person(request, parts, session, language, printed=True)


@router.post("/annotate", include_in_schema=False)
async def annotate_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The button "wrong person" of the person's page."""
    remark = await sent(request, parts, session, AnnotationForm)
    asker = parts.asker(session, Wish(remark.organisation, remark.member), Channel.UI, language)
    answer = await parts.desk.annotate(asker, _remark(remark.access_event, remark))
    return shown(request, parts, session, "annotated.html", answer, status=201)


async def _person(request: Request, parts: Parts, session: Session, language: Language, *, printed: bool) -> Response:
    fields = await checked_form(request, parts, session)
    arrangement = Arrangement.of(fields, whole=printed)
    asked = read(LookUpRequest, _nested(fields, arrangement.since(helsinki_date(parts.clock.now()))))
    if isinstance(asked, Rejected):
        errors = asked.fields
        return render(
            request, parts, "search.html", session=session, status=422, purposes=SEARCH_PURPOSES, errors=errors
        )
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    answer = await parts.desk.look_up(asker, await _query(parts, asker, asked, printed=printed))
    if not isinstance(answer, PersonView):
        return shown(request, parts, session, "nothing.html", answer)
    return shown(
        request,
        parts,
        session,
        "person.html",
        arrangement.arranged(answer),
        asked=asked,
        behalf=behalf_line(parts, asker.acting, language),
        key=uuid4().hex,
        arrangement=arrangement,
        periods=MONTHS,
        chart=_chart(asked, answer),
    )


def _chart(asked: LookUpRequest, answer: PersonView) -> Timeline | None:
    months = months_shown(helsinki_date(answer.looked_up), asked.first, asked.last)
    return timeline(answer.payments, months)


def _nested(fields: Mapping[str, str], since: date | None) -> dict[str, object]:
    """The form as the API's body: what belongs together stands together; months that were chosen go before days."""
    apart = PAGE_FIELDS | _RELATION.keys() | {"emergency"}
    flat = {name: value for name, value in fields.items() if name not in apart}
    if since is not None:
        flat = {name: value for name, value in flat.items() if name != "last"} | {"first": since.isoformat()}
    relation = {inner: fields[name] for name, inner in _RELATION.items() if name in fields}
    nested: dict[str, object] = {**flat, "informed": "informed" in fields}
    if relation:
        nested["relation"] = {"case_reference": "", **relation}
    if "emergency" in fields:
        nested["emergency"] = {"reason": fields["emergency"]}
    return nested


async def _query(parts: Parts, asker: Asker, asked: LookUpRequest, *, printed: bool = False) -> PersonQuery:
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
        printed=printed,
    )


def _remark(access_event: UUID, remark: AnnotationRequest) -> AnnotateLookUp:
    return AnnotateLookUp(
        idempotency_key=remark.idempotency_key, access_event=access_event, note=remark.note, text=remark.text
    )
