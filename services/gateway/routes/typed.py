"""What somebody had typed into a form that could not be taken: shown again, sent on, or thrown away."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from services.gateway.behalf import behalf_now
from services.gateway.domain.acting import Acting, Wish
from services.gateway.forms import checked_form
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.rendering import behalf_line, render
from services.gateway.resuming import TYPED_PAGE, is_offered
from services.gateway.routes.signin import choose_for
from services.gateway.words import Words, words
from shared.contracts.base import Language

router = APIRouter(include_in_schema=False)
_REOPENED_BY: Final[Mapping[str, str]] = {"/claims": "more"}
"""Forms that open again as they were typed when this button of theirs is pressed; others are sent as they were."""
_TABLES: Final = ("claim", "search", "column", "typed_field")
"""Where words for a field's name are found, first to last."""


@router.get(TYPED_PAGE)
async def show(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """What was typed, why it was not taken, and the ways on."""
    typed = await parts.typed.find(request.cookies.get(parts.typed_cookie), session.identity)
    if typed is None:
        return render(request, parts, "typed.html", session=session, status=404, typed=None)
    now = behalf_now(parts, session)
    return render(
        request,
        parts,
        "typed.html",
        session=session,
        typed=typed,
        named=_named(typed.fields, words(language)),
        here_now=typed.behalf == now,
        offered=is_offered(parts, session, typed.behalf),
        behalf=_line(parts, typed.behalf, language),
        now=_line(parts, now, language),
        reopen=_REOPENED_BY.get(typed.path),
    )


@router.post(f"{TYPED_PAGE}/return")
async def go_back(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Act again on the behalf on which the form was shown, and come back to it."""
    await checked_form(request, parts, session, on_any_behalf=True)
    typed = await parts.typed.find(request.cookies.get(parts.typed_cookie), session.identity)
    if typed is not None:
        await choose_for(parts, session, typed.organisation or "", typed.member or "")
    return RedirectResponse(TYPED_PAGE, 303)


@router.post(f"{TYPED_PAGE}/drop")
async def drop(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Throw away what was typed."""
    await checked_form(request, parts, session, on_any_behalf=True)
    await parts.typed.forget(request.cookies.get(parts.typed_cookie))
    response = RedirectResponse("/", 303)
    response.delete_cookie(parts.typed_cookie, path="/", secure=parts.settings.cookie_secure, httponly=True)
    return response


def _line(parts: Parts, behalf: Wish, language: Language) -> str:
    if behalf.organisation is None:
        return ""
    return behalf_line(parts, Acting(behalf.organisation, behalf.member, ()), language)


def _named(fields: Mapping[str, str], t: Words) -> list[tuple[str, str]]:
    """The fields that people typed, by the names that the page gives them."""
    found = (
        (next((t(f"{one}.{name}") for one in _TABLES if t.has(f"{one}.{name}")), ""), fields[name]) for name in fields
    )
    return [(label, value) for label, value in found if label]
