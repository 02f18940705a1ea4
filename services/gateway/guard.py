"""What every request meets before any handler, and what every response carries: plain ASGI, no I/O.

In order: security headers, containment of faults, then origin, media type and size of what is sent. Bodies
are never logged; of a fault only its type and place are, because its text may quote data (invariant 5).
"""

import traceback
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.stdlib import BoundLogger

from services.gateway.problems import (
    Problem,
    foreign_origin,
    interrupted,
    problem_response,
    too_large,
    unexpected,
    wrong_media_type,
)
from shared.database.errors import classify

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_SAME_SITE = frozenset({"same-origin", "none"})
_API = "/api/"
INTERFACE = "/api/v1/interface/"
"""Calls of systems, which carry no cookie: no page of another site can make one in somebody's name."""
_STATIC = "/static/"
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'{forms_to}; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Not "no-referrer": with it a browser states the origin of a form as "null".
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class SecureHeaders:
    """Adds the security headers, and `no-store` to everything that is not a static file."""

    app: ASGIApp
    strict_transport: bool
    forms_to: str = ""
    """Origin, besides our own, to which the answer to a form may lead a browser."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and dress the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value.replace("{forms_to}", f" {self.forms_to}".rstrip())
                if self.strict_transport:
                    headers["strict-transport-security"] = "max-age=31536000"
                if not scope["path"].startswith(_STATIC):
                    headers["cache-control"] = "no-store"
            await send(message)

        await self.app(scope, receive, dressed)


@dataclass(frozen=True, slots=True)
class Containment:
    """Turns a fault into a plain answer, and logs where it happened without what it said.

    A database or network that is down is 503 and passes; everything else is a fault of ours, 500.
    """

    app: ASGIApp
    log: BoundLogger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; answer in its stead if it fails before its first byte."""
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        fault = await self._run(scope, receive, noting)
        if fault is None:
            return
        place = traceback.extract_tb(fault.__traceback__)[-1]
        self.log.error("request_failed", error=type(fault).__name__, at=f"{place.name}:{place.lineno}")
        if started:
            raise ConnectionAbortedError("the response broke off")
        problem = interrupted() if classify(fault) == "transient" else unexpected()
        await problem_response(problem)(scope, receive, send)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> Exception | None:
        try:
            await self.app(scope, receive, send)
        except Exception as fault:  # noqa: BLE001  # this is the boundary: what passes here would be logged with its text
            return fault
        return None


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses what comes from another site, is of another type, or is too large."""

    app: ASGIApp
    origin: str
    limit: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through or answer with the problem."""
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        problem = self._judge(Headers(scope=scope), scope["method"], scope["path"])
        if problem is not None:
            await problem_response(problem)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.limit:
                raise too_large(self.limit)
            return message

        await self.app(scope, counted, send)

    def _judge(self, headers: Headers, method: str, path: str) -> Problem | None:
        if not path.startswith(INTERFACE) and self._is_foreign(headers):
            return foreign_origin()
        wanted = "application/json" if path.startswith(_API) else "application/x-www-form-urlencoded"
        given = headers.get("content-type", "").partition(";")[0].strip().lower()
        if given != wanted and (method in _WITH_BODY or given):
            return wrong_media_type(wanted)
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self.limit:
            return too_large(self.limit)
        return None

    def _is_foreign(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in _SAME_SITE
        return origin != self.origin
