"""Nothing typed is lost: a form that comes after its session ended, or on another behalf, is set aside and offered."""

from typing import Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.gateway.behalf import shown_on
from services.gateway.domain.acting import Wish
from services.gateway.forms import TOKEN, aside_cookie, fields_of, set_aside
from services.gateway.parts import Parts
from services.gateway.rendering import render
from services.gateway.sessions import Session
from services.gateway.typed import Why

TYPED_PAGE: Final = "/typed"


async def ended(request: Request, parts: Parts, status: int) -> Response:
    """The page of somebody whose session has ended, or who never had one; what they had just typed is kept."""
    kept = await _kept(request, parts)
    page = render(request, parts, "sign_in.html", status=status, ended=True, kept=kept is not None)
    if kept is not None:
        page.headers.append("Set-Cookie", aside_cookie(parts, kept))
    return page


async def come_back(request: Request, parts: Parts, session: Session) -> str:
    """Where somebody goes who has just signed in: to what they had typed, acting as they did, else to the start."""
    typed = await parts.typed.find(request.cookies.get(parts.typed_cookie), session.identity)
    if typed is None:
        return "/"
    if typed.organisation is not None and typed.member is not None and is_offered(parts, session, typed.behalf):
        await parts.sessions.choose(session, typed.organisation, typed.member)
    return TYPED_PAGE


def is_offered(parts: Parts, session: Session, behalf: Wish) -> bool:
    """Whether the person's mandates of today let them act on this behalf."""
    available = parts.options_of(session.identity) if parts.agreements.ready else ()
    return behalf in {Wish(one.organisation, one.member) for one in available}


async def _kept(request: Request, parts: Parts) -> str | None:
    """Keep the form if it was one of the session that has ended; a stranger's form is not kept."""
    if request.method != "POST":
        return None
    session = await parts.sessions.remembered(request.cookies.get(parts.session_cookie))
    if session is None:
        return None
    try:
        fields = await fields_of(request)
    except HTTPException:
        return None
    token = fields.pop(TOKEN, "")
    if not parts.keys.is_of_session(session.token, token):
        return None
    return await set_aside(request, parts, session, fields, Why.ENDED, shown_on(parts, session, token))
