"""Payment claims: registering one and asking how it went, through the API and the claim page."""

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.gateway.desk import Accepted
from services.gateway.domain.acting import Wish
from services.gateway.domain.claiming import ANY, facts_shown, is_ready, offer_of
from services.gateway.forms import Rejected, advance_rows, checked_form, claim_of, read
from services.gateway.inquiring import Asker
from services.gateway.models import AcceptedView, ClaimRequest, IdempotencyKey, ProblemView, RefusedView
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.receipt_pdf import MEDIA_TYPE, file_name, receipt_pdf
from services.gateway.refusing import refused
from services.gateway.rendering import render
from services.gateway.sessions import Session
from services.gateway.words import words
from shared.clock.civil import helsinki_date
from shared.contracts.agreements import Account
from shared.contracts.answers import ClaimReceipt, ClaimValidated, Refused
from shared.contracts.asking import RegisterClaim
from shared.contracts.base import Channel
from shared.finnish.benefits import benefits
from shared.finnish.claim_matrix import claim_policy

router = APIRouter()
_API = "/api/v1/claims"
_PROBLEMS: dict[int | str, dict[str, object]] = {
    401: {"model": ProblemView},
    403: {"model": RefusedView, "description": "Refused by a rule, and logged"},
    409: {"model": ProblemView},
    422: {"model": ProblemView},
    503: {"model": ProblemView},
}
ASSISTANCE = ("basic", "supplementary", "preventive")
_UNSEEN = frozenset({"idempotency_key", "organisation", "member"})
"""Fields of a claim that the page does not show."""
Key = Annotated[IdempotencyKey, Path()]


@router.post(
    _API,
    status_code=201,
    response_model=ClaimReceipt,
    responses={
        **_PROBLEMS,
        202: {"model": AcceptedView, "description": "Sent; the receipt has not come yet"},
        400: {"model": ProblemView},
        413: {"model": ProblemView},
        415: {"model": ProblemView},
    },
    tags=["claims"],
)
async def register(parts: PartsOf, session: NeedsSession, language: LanguageOf, claim: ClaimRequest) -> Response:
    """Register a payment claim. Its arrival is the moment of acceptance; sending it again changes nothing."""
    asker = parts.asker(session, Wish(claim.organisation, claim.member), Channel.UI, language)
    answer = await parts.desk.register(asker, _contract(claim))
    address = f"{_API}/{claim.idempotency_key}"
    match answer:
        case Refused():
            return refused(answer, language)
        case Accepted():
            view = AcceptedView(
                idempotency_key=claim.idempotency_key, status_url=address, advice="Ask there how it went."
            )
            return _json(view.model_dump_json(), 202, {"Location": address})
        case ClaimReceipt():
            return _json(answer.model_dump_json(), 201, {"Location": address})


@router.post(
    f"{_API}/validate",
    response_model=ClaimValidated,
    responses={**_PROBLEMS, 504: {"model": ProblemView}},
    tags=["claims"],
)
async def validate(parts: PartsOf, session: NeedsSession, language: LanguageOf, claim: ClaimRequest) -> Response:
    """What registering the claim would give now: nothing is stored, and no key is used. The asking is logged."""
    asker = parts.asker(session, Wish(claim.organisation, claim.member), Channel.UI, language)
    answer = await parts.desk.validate(asker, _contract(claim))
    return refused(answer, language) if isinstance(answer, Refused) else _json(answer.model_dump_json(), 200)


@router.get(
    f"{_API}/{{idempotency_key}}",
    response_model=ClaimReceipt,
    responses={**_PROBLEMS, 404: {"model": ProblemView}, 504: {"model": ProblemView}},
    tags=["claims"],
)
async def claim_status(parts: PartsOf, session: NeedsSession, language: LanguageOf, idempotency_key: Key) -> Response:
    """How the registration that was sent with this key went, for the organisation that the session acts for."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.claim_status(asker, idempotency_key)
    if isinstance(answer, Refused):
        return refused(answer, language)
    return _json(answer.model_dump_json(), 200)


@router.get("/claims/new", include_in_schema=False)
async def blank_form(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """An empty claim form."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return _form(request, parts, session, asker, {})


@router.post("/claims/new", include_in_schema=False)
async def begun_form(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """A claim form for the person whose page it was opened from."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return _form(request, parts, session, asker, {"identity_code": fields.get("identity_code", "")})


@router.post("/claims", include_in_schema=False)
async def send_form(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Register the claim of the form: its receipt, or the form again with what is wrong, or what it would give."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    if "more" in fields or "choose" in fields:
        return _form(request, parts, session, asker, fields)
    live = "live" in fields
    claim = read(ClaimRequest, claim_of(fields))
    if live and (isinstance(claim, Rejected) or not is_ready(fields)):
        return Response(status_code=HTTPStatus.NO_CONTENT)
    if isinstance(claim, Rejected):
        return _form(request, parts, session, asker, fields, errors=claim.fields, status=422)
    ask = _checked if live or "check" in fields else _registered
    return await ask(request, parts, session, asker, fields, claim)


async def _registered(
    request: Request, parts: Parts, session: Session, asker: Asker, fields: Mapping[str, str], claim: ClaimRequest
) -> Response:
    """The receipt, or why the claim was refused, or that its receipt has not come yet."""
    answer = await parts.desk.register(asker, _contract(claim))
    match answer:
        case Refused():
            return _form(request, parts, session, asker, fields, refusal=answer, status=403)
        case Accepted():
            return render(request, parts, "claim_sent.html", session=session, status=202, key=claim.idempotency_key)
        case ClaimReceipt():
            return render(
                request, parts, "receipt.html", session=session, status=201, receipt=answer, key=claim.idempotency_key
            )


async def _checked(
    request: Request, parts: Parts, session: Session, asker: Asker, fields: Mapping[str, str], claim: ClaimRequest
) -> Response:
    """The form with what registering would give; nothing is stored, and the asking is logged."""
    answer = await parts.desk.validate(asker, _contract(claim))
    if isinstance(answer, Refused):
        return _form(request, parts, session, asker, fields, refusal=answer, status=403)
    return _form(request, parts, session, asker, fields, checked=answer)


@router.post("/claims/status", include_in_schema=False)
async def status_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The receipt of a claim whose registration had not been confirmed."""
    fields = await checked_form(request, parts, session)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    key = fields.get("key", "")
    answer = await parts.desk.claim_status(asker, key)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    return render(request, parts, "receipt.html", session=session, receipt=answer, key=key)


@router.get("/claims/{idempotency_key}/receipt.pdf", include_in_schema=False)
async def printable(
    request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf, idempotency_key: Key
) -> Response:
    """The receipt to print: asked for anew, as any question is, through the gate and in the log before it is shown."""
    answer = await parts.desk.claim_status(parts.asker(session, Wish(), Channel.UI, language), idempotency_key)
    if isinstance(answer, Refused):
        return render(request, parts, "refused.html", session=session, status=403, answer=answer)
    headers = {"Content-Disposition": f'inline; filename="{file_name(answer)}"', "Content-Language": language}
    return Response(receipt_pdf(answer, words(language)), 200, headers, media_type=MEDIA_TYPE)


def _form(
    request: Request,
    parts: Parts,
    session: Session,
    asker: Asker,
    fields: Mapping[str, str],
    *,
    errors: tuple[str, ...] = (),
    refusal: Refused | None = None,
    checked: ClaimValidated | None = None,
    status: int = 200,
) -> Response:
    t = words(asker.language)
    offer = (
        offer_of(claim_policy(), fields["benefit"], helsinki_date(parts.clock.now())) if "benefit" in fields else None
    )
    return render(
        request,
        parts,
        "claim_form.html",
        session=session,
        status=status,
        fields=fields,
        errors=errors,
        refusal=refusal,
        checked=checked,
        advance_rows=advance_rows(fields),
        offer=offer,
        live="live" in fields,
        facts=facts_shown(offer or ANY, fields, errors),
        # A refused claim may be corrected and sent again: that is another registration, with another key.
        key=uuid.uuid4().hex if refusal or "idempotency_key" not in fields else fields["idempotency_key"],
        known=frozenset(ClaimRequest.model_fields) - _UNSEEN,
        benefit_choices=_benefits(parts, asker),
        ground_choices=[(ground, t(f"ground.{ground}")) for ground in (offer or ANY).grounds],
        assistance_choices=[(kind, t(f"assistance.{kind}")) for kind in ASSISTANCE],
        account_choices=[(account.id, account.iban) for account in _accounts(parts, asker)],
    )


def _benefits(parts: Parts, asker: Asker) -> list[tuple[str, str]]:
    today = helsinki_date(parts.clock.now())
    return [(one.code, one.name(asker.language)) for one in benefits().values() if one.exists_on(today)]


def _accounts(parts: Parts, asker: Asker) -> tuple[Account, ...]:
    """The accounts that a claim may name: the agreement's, confirmed by a second person (golden R8)."""
    acting = asker.acting
    if acting.member is None:
        return ()
    today = helsinki_date(parts.clock.now())
    agreement = parts.agreements.directory.agreement_of(acting.organisation, acting.member, today)
    return () if agreement is None else tuple(account for account in agreement.accounts if account.confirmed)


def _contract(claim: ClaimRequest) -> RegisterClaim:
    return RegisterClaim.model_validate(claim.model_dump(exclude={"organisation", "member"}))


def _json(body: str, status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status, headers, media_type="application/json")
