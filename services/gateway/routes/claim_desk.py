"""Two desks beside the claims: the main user hands a leaver's claims over; Kela's handler registers Kela's own."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.claim_models import HandOverForm, HandOverRequest, KelaClaimRequest
from services.gateway.domain.acting import Wish
from services.gateway.forms import Rejected, advance_rows, checked_form, claim_of, read
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import render
from services.gateway.sessions import Session
from shared.contracts.answers import ClaimsHandedOver, KelaClaimRegistered, Refused
from shared.contracts.base import Channel

router = APIRouter()
_API: Final = "/api/v1/claims"


@router.post(f"{_API}/hand-over", response_model=ClaimsHandedOver, responses=PROBLEMS, tags=["claims"])
async def hand_over(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: HandOverRequest) -> Response:
    """Give the open claims of a worker who leaves, or some of them, to another worker of the same body."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.hand_over(asker, asked.command()), language)


@router.post(f"{_API}/kela", response_model=KelaClaimRegistered, responses=PROBLEMS, tags=["claims"])
async def register_kela_claim(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: KelaClaimRequest
) -> Response:
    """Register Kela's own claim by ToTuL 23 §: the same way and effect as Kela's messages."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.register_kela_claim(asker, asked.command()), language)


@router.get("/claims/hand-over", include_in_schema=False)
async def hand_over_form(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """An empty form for a hand-over."""
    return _hand_over_page(request, parts, session, {})


@router.post("/claims/hand-over", include_in_schema=False)
async def hand_over_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Hand the claims of the form over: which went, or the form again with what is wrong."""
    fields = await checked_form(request, parts, session)
    form = read(HandOverForm, fields)
    asked = form if isinstance(form, Rejected) else read(HandOverRequest, form.request())
    if isinstance(asked, Rejected):
        return _hand_over_page(request, parts, session, fields, errors=asked.fields, status=422)
    answer = await parts.desk.hand_over(parts.asker(session, Wish(), Channel.UI, language), asked.command())
    if isinstance(answer, Refused):
        return _hand_over_page(request, parts, session, fields, refusal=answer, status=403)
    return _hand_over_page(request, parts, session, {}, answer=answer)


@router.get("/claims/kela", include_in_schema=False)
async def kela_form(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """An empty form for Kela's own claim."""
    return _kela_page(request, parts, session, {})


@router.post("/claims/kela", include_in_schema=False)
async def kela_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Register the claim of the form: that it stands, or the form again with what is wrong."""
    fields = await checked_form(request, parts, session)
    if "more" in fields:
        return _kela_page(request, parts, session, fields)
    asked = read(KelaClaimRequest, claim_of({"identity_code": "", "benefit": "", **fields}))
    if isinstance(asked, Rejected):
        return _kela_page(request, parts, session, fields, errors=asked.fields, status=422)
    answer = await parts.desk.register_kela_claim(parts.asker(session, Wish(), Channel.UI, language), asked.command())
    if isinstance(answer, Refused):
        return _kela_page(request, parts, session, fields, refusal=answer, status=403)
    return _kela_page(request, parts, session, {}, answer=answer)


def _hand_over_page(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], *, status: int = 200, **shown: object
) -> Response:
    values = {"errors": (), "refusal": None, "answer": None, **shown}
    key = _key(fields, shown)
    return render(request, parts, "hand_over.html", session=session, status=status, fields=fields, key=key, **values)


def _kela_page(
    request: Request, parts: Parts, session: Session, fields: Mapping[str, str], *, status: int = 200, **shown: object
) -> Response:
    values = {"errors": (), "refusal": None, "answer": None, "advance_rows": advance_rows(fields), **shown}
    key = _key(fields, shown)
    return render(request, parts, "kela_claim.html", session=session, status=status, fields=fields, key=key, **values)


def _key(fields: Mapping[str, str], shown: Mapping[str, object]) -> str:
    """The key of the form; what was refused may be corrected and is another act then."""
    kept = fields.get("idempotency_key")
    return uuid4().hex if kept is None or shown.get("refusal") is not None else kept
