"""Claims at work: the team's list, Kela's queue, one claim, acts on it and settlements; API and pages.

A claim's number stands in forms and bodies, never in an address, as everything that leads to a client.
"""

from decimal import Decimal
from typing import Final, get_args
from uuid import uuid4

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.claim_models import (
    ClaimActForm,
    ClaimActRequest,
    ClaimNumberRequest,
    ClaimsRequest,
    SettlementsRequest,
    View,
)
from services.gateway.domain.acting import Wish
from services.gateway.domain.claim_acts import acts_offered
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.sending import sent
from shared.contracts.answers import ClaimDone, ClaimsPage, ClaimView, SettlementsPage
from shared.contracts.asking import ClaimQuery, ClaimsQuery, SettlementsQuery
from shared.contracts.base import Channel
from shared.gate.mandates import KELA

router = APIRouter()
_API: Final = "/api/v1/claims"
VIEWS: Final[tuple[str, ...]] = get_args(View)


@router.post(f"{_API}/list", response_model=ClaimsPage, responses=PROBLEMS, tags=["claims"])
async def read_claims(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: ClaimsRequest) -> Response:
    """One page of claims: the team's, Kela's queue, soon ending, overdue, or those that can bite on nothing."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.claims(asker, ClaimsQuery(view=asked.view, after=asked.after)), language)


@router.post(f"{_API}/open", response_model=ClaimView, responses=PROBLEMS, tags=["claims"])
async def read_claim(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: ClaimNumberRequest
) -> Response:
    """One claim with its history and what was paid by it; who looked is in the log before it is shown."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.claim(asker, ClaimQuery(number=asked.number)), language)


@router.post(f"{_API}/act", response_model=ClaimDone, responses=PROBLEMS, tags=["claims"])
async def act_on_claim(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: ClaimActRequest) -> Response:
    """One act on one claim. A stale version is refused with the newer one told; a repeated key does nothing twice."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.act_on_claim(asker, asked.command()), language)


@router.post("/api/v1/settlements", response_model=SettlementsPage, responses=PROBLEMS, tags=["claims"])
async def read_settlements(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: SettlementsRequest
) -> Response:
    """One page of what the municipality was paid in a month, by reference, with the month's total."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    return told(await parts.desk.settlements(asker, SettlementsQuery(month=asked.month, after=asked.after)), language)


@router.get("/claims/work", include_in_schema=False)
async def choose(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The forms for the lists, one claim and the settlements; nothing is asked yet."""
    return render(request, parts, "claims.html", session=session, views=VIEWS, answer=None)


@router.post("/claims/work", include_in_schema=False)
async def claims_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of claims."""
    asked = await sent(request, parts, session, ClaimsRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.claims(asker, ClaimsQuery(view=asked.view, after=asked.after))
    behalf = behalf_line(parts, asker.acting, language)
    return shown(request, parts, session, "claims.html", answer, views=VIEWS, asked=asked, behalf=behalf)


@router.post("/claims/open", include_in_schema=False)
async def claim_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One claim, and what may be done with it."""
    asked = await sent(request, parts, session, ClaimNumberRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.claim(asker, ClaimQuery(number=asked.number.strip().upper()))
    at_kela = asker.acting.organisation == KELA
    acts = _offered(answer, at_kela=at_kela) if isinstance(answer, ClaimView) else ()
    return shown(request, parts, session, "claim.html", answer, acts=acts, key=uuid4().hex)


@router.post("/claims/act", include_in_schema=False)
async def act_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One act on the claim of the page."""
    asked = await sent(request, parts, session, ClaimActForm)
    answer = await parts.desk.act_on_claim(parts.asker(session, Wish(), Channel.UI, language), asked.command())
    return shown(request, parts, session, "claim_done.html", answer)


@router.post("/claims/settlements", include_in_schema=False)
async def settlements_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of settlement rows."""
    asked = await sent(request, parts, session, SettlementsRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await parts.desk.settlements(asker, SettlementsQuery(month=asked.month, after=asked.after))
    behalf = behalf_line(parts, asker.acting, language)
    return shown(request, parts, session, "settlements.html", answer, asked=asked, behalf=behalf)


def _offered(view: ClaimView, *, at_kela: bool) -> tuple[str, ...]:
    proposed, asked = view.widening is not None, view.row.amounts_asked is not None
    owed = Decimal(view.row.owed) > 0
    return acts_offered(view.row.state, at_kela=at_kela, proposed=proposed, asked=asked, owed=owed)
