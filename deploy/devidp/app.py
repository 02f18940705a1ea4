"""The provider over HTTP: discovery, keys, the page where one picks a person, and the token endpoint."""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from deploy.devidp.provider import ALGORITHM, ProtocolError, Provider
from deploy.devidp.users import User

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)
_NO_STORE = {"Cache-Control": "no-store"}
_CARRIED = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


def create_app(provider: Provider, users: Mapping[str, User]) -> Starlette:
    """Make the provider's web application."""
    pages = _Pages(provider, users)
    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", pages.discovery),
            Route("/jwks.json", pages.keys),
            Route("/authorize", pages.choose, methods=["GET"]),
            Route("/authorize", pages.sign_in, methods=["POST"]),
            Route("/token", pages.token, methods=["POST"]),
            Route("/end-session", pages.end, methods=["GET"]),
            Route("/style.css", pages.style),
            Route("/health", pages.health),
        ]
    )


class _Pages:
    def __init__(self, provider: Provider, users: Mapping[str, User]) -> None:
        self._provider = provider
        self._users = users
        self._style = (Path(__file__).parent / "templates" / "style.css").read_bytes()

    async def discovery(self, _request: Request) -> Response:
        base = self._provider.issuer.rstrip("/")
        return JSONResponse(
            {
                "issuer": self._provider.issuer,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "jwks_uri": f"{base}/jwks.json",
                "end_session_endpoint": f"{base}/end-session",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "scopes_supported": ["openid"],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse(self._provider.public_keys())

    async def choose(self, request: Request) -> Response:
        parameters = dict(request.query_params)
        try:
            self._provider.check(parameters)
        except ProtocolError as error:
            return self._refuse(error, parameters)
        people = list(self._users.values())
        groups = {
            "One sign-in per role": [one for one in people if one.role],
            "Others": [one for one in people if not one.role],
        }
        return self._page("choose.html", carried=_carried(parameters), groups=groups)

    async def sign_in(self, request: Request) -> Response:
        parameters = await _form(request)
        try:
            asked = self._provider.check(parameters)
            user = self._person(parameters.get("person", ""))
        except ProtocolError as error:
            return self._refuse(error, parameters)
        code = self._provider.grant(asked, user)
        return _back(asked.redirect_uri, {"code": code, "state": asked.state})

    async def token(self, request: Request) -> Response:
        try:
            tokens = self._provider.redeem(await _form(request), _basic(request))
        except ProtocolError as error:
            body = {"error": error.error, "error_description": error.description}
            challenge = {"WWW-Authenticate": "Basic"} if error.status == HTTPStatus.UNAUTHORIZED else {}
            return JSONResponse(body, error.status, {**_NO_STORE, **challenge})
        return JSONResponse(tokens, headers=_NO_STORE)

    async def end(self, request: Request) -> Response:
        parameters = dict(request.query_params)
        try:
            back = self._provider.signed_out(parameters)
        except ProtocolError as error:
            return self._refuse(error, parameters)
        state = parameters.get("state")
        return _back(back, {"state": state}) if state else RedirectResponse(back, 303, _NO_STORE)

    async def style(self, _request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    def _person(self, name: str) -> User:
        user = self._users.get(name)
        if user is None:
            raise ProtocolError("access_denied", "Nobody of that name is known here.", back=True)
        return user

    def _refuse(self, error: ProtocolError, parameters: Mapping[str, str]) -> Response:
        if error.back:
            told = {"error": error.error, "error_description": error.description}
            return _back(parameters["redirect_uri"], {**told, "state": parameters.get("state", "")})
        return self._page("refused.html", status=error.status, description=error.description)

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        origins = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(u)) for u in self._provider.redirect_uris})
        policy = f"default-src 'none'; style-src 'self'; form-action 'self' {' '.join(origins)}"
        headers = {
            **_NO_STORE,
            "Content-Security-Policy": f"{policy}; base-uri 'none'; frame-ancestors 'none'",
        }
        return HTMLResponse(_TEMPLATES.get_template(name).render(values), status, headers)


def _carried(parameters: Mapping[str, str]) -> dict[str, str]:
    return {name: parameters[name] for name in _CARRIED if name in parameters}


async def _form(request: Request) -> dict[str, str]:
    async with request.form(max_files=0, max_fields=50) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def _basic(request: Request) -> tuple[str, str] | None:
    """Client name and password (RFC 6749 2.3.1: each form-encoded inside the Basic scheme)."""
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return unquote(name), unquote(secret)


def _back(redirect_uri: str, told: Mapping[str, str]) -> Response:
    return RedirectResponse(f"{redirect_uri}?{urlencode(told)}", 303, _NO_STORE)
