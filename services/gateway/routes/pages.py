"""The choice of organisation, and the language switch."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.gateway.forms import checked_form
from services.gateway.framing import STAYING
from services.gateway.parts import LANGUAGE_COOKIE, LanguageOf, NeedsSession, PartsOf
from services.gateway.rendering import option_rows, render
from services.gateway.routes.signin import choose_for
from shared.contracts.base import Language

router = APIRouter(include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.get("/behalf")
async def behalf(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The organisations and municipalities that the person may act for."""
    rows = option_rows(parts, parts.options_of(session.identity), language)
    return render(request, parts, "behalf.html", session=session, options=rows)


@router.post("/behalf")
async def choose(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Act on behalf of the chosen one from now on."""
    fields = await checked_form(request, parts, session, on_any_behalf=True)
    organisation, _, member = fields.get("option", "").partition("/")
    await choose_for(parts, session, organisation, member)
    return RedirectResponse("/", 303)


@router.get("/language/{language}")
async def language(parts: PartsOf, language: Language, to: str = "/") -> Response:
    """Remember the language and go back to where the reader was."""
    response = RedirectResponse(to if to in STAYING else "/", 303)
    response.set_cookie(
        LANGUAGE_COOKIE,
        language,
        max_age=_YEAR,
        secure=parts.settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    return response
