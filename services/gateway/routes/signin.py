"""Signing in and out, and the session as the API shows it."""

import base64
import binascii
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from services.gateway.domain.acting import Wish
from services.gateway.forms import checked_form
from services.gateway.keys import SealBrokenError
from services.gateway.models import Choice, OptionView, Organisations, ProblemView, SessionView
from services.gateway.oidc import ATTEMPT_LIFE, Attempt, SignInError, SignInUnavailableError
from services.gateway.parts import LanguageOf, MaybeSession, NeedsSession, Parts, PartsOf
from services.gateway.problems import Problem
from services.gateway.rendering import render
from services.gateway.resuming import come_back
from services.gateway.seen import tell_seen
from services.gateway.sessions import Identity

router = APIRouter()
_ATTEMPT: Final = "kelmu_sign_in"
_ATTEMPT_PLACE: Final = b"sign-in"
_SIGN_IN_PATH: Final = "/sign-in"
_SUB_ID_PATH: Final = "/sign-in/sub-id"
_FIELD: Final = Query(max_length=2048)


@router.get(_SIGN_IN_PATH, include_in_schema=False)
async def sign_in(parts: PartsOf) -> Response:
    """Send the person to the identification service."""
    try:
        address, attempt = await parts.oidc.begin()
    except SignInUnavailableError as error:
        raise _unavailable() from error
    response = RedirectResponse(address, 303)
    sealed = parts.keys.seal(attempt.model_dump_json().encode(), _ATTEMPT_PLACE)
    response.set_cookie(
        parts.settings.cookie(_ATTEMPT),
        base64.urlsafe_b64encode(sealed).decode(),
        max_age=int(ATTEMPT_LIFE.total_seconds()),
        path="/",
        secure=parts.settings.cookie_secure,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(f"{_SIGN_IN_PATH}/callback", include_in_schema=False)
async def callback(
    request: Request,
    parts: PartsOf,
    state: Annotated[str, _FIELD] = "",
    code: Annotated[str, _FIELD] = "",
    error: Annotated[str, _FIELD] = "",
) -> Response:
    """Take the person back, identified, into a session of its own."""
    attempt = _attempt(parts, request.cookies.get(parts.settings.cookie(_ATTEMPT)))
    if attempt is None or error or not code:
        raise _failed("The sign-in was not completed.")
    identity = await _identified(parts, attempt, state, code)
    await parts.sessions.close(request.cookies.get(parts.session_cookie))
    token = await parts.sessions.open(identity)
    await tell_seen(parts, identity)
    response = RedirectResponse(await _onward(request, parts, token, identity), 303)
    secure = parts.settings.cookie_secure
    response.delete_cookie(parts.settings.cookie(_ATTEMPT), path="/", secure=secure, httponly=True)
    response.set_cookie(parts.session_cookie, token, path="/", secure=secure, httponly=True, samesite="lax")
    return response


@router.get(_SUB_ID_PATH, include_in_schema=False)
async def sub_id(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Why a sub-ID (alitunniste) sees nothing here, and what to do. What it tries all the same, the gate logs."""
    return render(request, parts, "sub_id.html", session=session)


@router.post("/sign-out", include_in_schema=False)
async def sign_out(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """End the session here, and then at the identification service where it can be ended."""
    await checked_form(request, parts, session, on_any_behalf=True)
    await parts.sessions.close(session.token)
    response = RedirectResponse(await parts.oidc.end(f"{parts.settings.origin}/") or "/", 303)
    response.delete_cookie(parts.session_cookie, path="/", secure=parts.settings.cookie_secure, httponly=True)
    return response


@router.post("/session/extend", include_in_schema=False)
async def extend(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Use the session, so that it does not end of disuse. Without content: a browser stays where it is."""
    await checked_form(request, parts, session, on_any_behalf=True)
    extended = await parts.sessions.extend(session)
    ends = {"Kelmu-Session-Ends": extended.ends_at, "Kelmu-Session-Idle-Ends": extended.idle_ends_at}
    return Response(status_code=204, headers={name: at.isoformat() for name, at in ends.items()})


@router.get("/api/v1/session", responses={401: {"model": ProblemView}}, tags=["session"])
async def read_session(parts: PartsOf, session: NeedsSession) -> SessionView:
    """Who is signed in, and in whose name requests are made."""
    acting = parts.acting_of(session, Wish())
    return SessionView(
        name=session.identity.name,
        bound_to_person=session.identity.identity_code is not None,
        signed_in=session.identity.signed_in,
        expires=session.ends_at,
        idle_expires=session.idle_ends_at,
        organisation=acting and acting.organisation,
        member=acting and acting.member,
        roles=acting.roles if acting else (),
    )


@router.delete("/api/v1/session", status_code=204, tags=["session"])
async def end_session(parts: PartsOf, session: MaybeSession) -> Response:
    """Sign out."""
    await parts.sessions.close(None if session is None else session.token)
    response = Response(status_code=204)
    response.delete_cookie(parts.session_cookie, path="/", secure=parts.settings.cookie_secure, httponly=True)
    return response


@router.get(
    "/api/v1/organisations",
    responses={401: {"model": ProblemView}},
    tags=["session"],
)
async def read_organisations(parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Organisations:
    """What the person may choose from today, by their mandates."""
    available = parts.options_of(session.identity)
    return Organisations(
        organisations=tuple(
            OptionView(
                organisation=option.organisation,
                organisation_name=parts.names.organisation(option.organisation, language),
                member=option.member,
                member_name=parts.names.municipality(option.member, language),
                roles=option.roles,
            )
            for option in available
        )
    )


@router.put(
    "/api/v1/session/behalf",
    status_code=204,
    responses={401: {"model": ProblemView}, 422: {"model": ProblemView}},
    tags=["session"],
)
async def choose(parts: PartsOf, session: NeedsSession, choice: Choice) -> Response:
    """Act on behalf of another municipality from now on."""
    await choose_for(parts, session, choice.organisation, choice.member)
    return Response(status_code=204)


async def choose_for(parts: Parts, session: NeedsSession, organisation: str, member: str) -> None:
    """Note the choice.

    Raises:
        Problem: 422 when the person's mandates of the day do not offer it.
    """
    available = parts.options_of(session.identity)
    if not any(o.organisation == organisation and o.member == member for o in available):
        raise Problem(
            422, "not_offered", "You have no mandate for that choice today.", "Choose one that is offered to you."
        )
    await parts.sessions.choose(session, organisation, member)


async def _onward(request: Request, parts: Parts, token: str, identity: Identity) -> str:
    """Where the newly signed-in person begins."""
    if identity.identity_code is None:
        return _SUB_ID_PATH
    session = await parts.sessions.find(token)
    return "/" if session is None else await come_back(request, parts, session)


def _attempt(parts: Parts, cookie: str | None) -> Attempt | None:
    try:
        sealed = base64.b64decode((cookie or "").encode("ascii"), altchars=b"-_", validate=True)
        return Attempt.model_validate_json(parts.keys.open(sealed, _ATTEMPT_PLACE))
    except (SealBrokenError, ValidationError, binascii.Error, UnicodeEncodeError):
        return None


async def _identified(parts: Parts, attempt: Attempt, state: str, code: str) -> Identity:
    try:
        return await parts.oidc.finish(attempt, state, code)
    except SignInUnavailableError as trouble:
        raise _unavailable() from trouble
    except SignInError as trouble:
        raise _failed(str(trouble)) from trouble


def _failed(reason: str) -> Problem:
    return Problem(400, "sign_in_failed", reason, "Start again from /sign-in.")


def _unavailable() -> Problem:
    return Problem(
        503,
        "sign_in_unavailable",
        "The identification service does not answer.",
        "Try again in a moment.",
        headers={"Retry-After": "10"},
    )
