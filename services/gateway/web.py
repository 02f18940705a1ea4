"""The gateway's web application, put together from its parts."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from structlog.stdlib import BoundLogger

from services.gateway.describing import described
from services.gateway.guard import Containment, Guard, SecureHeaders
from services.gateway.parts import Parts, parts_of
from services.gateway.problems import Problem, invalid, problem_response
from services.gateway.rendering import render
from services.gateway.resuming import ended
from services.gateway.routes import (
    agreement_requests,
    agreements_pages,
    alerts,
    anomalies,
    assets,
    billing,
    billing_pages,
    billing_views,
    claim_desk,
    claim_work,
    claims,
    faults,
    help,  # noqa: A004 - the page of that name
    interface,
    lists,
    log_reports,
    logs,
    lookups,
    news,
    notice_pages,
    notices,
    pages,
    public,
    records,
    settlements,
    signin,
    typed,
    users_pages,
    verification,
)


def create_app(parts: Parts, log: BoundLogger) -> FastAPI:
    """Make the application. It does no I/O until it is asked something."""
    settings = parts.settings
    app = FastAPI(
        title="Kelmu gateway",
        version="1.0.0",
        summary="Benefit look-ups and payment claims of the social welfare authorities",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        middleware=[
            Middleware(
                SecureHeaders,
                strict_transport=settings.cookie_secure,
                # Signing out here leads on to the identification service, and browsers hold forms to where they lead.
                forms_to=settings.identification_origin,
            ),
            Middleware(Containment, log=log),
            Middleware(Guard, origin=settings.origin, limit=settings.body_limit),
        ],
        exception_handlers={HTTPException: _on_http, RequestValidationError: _on_invalid},
    )
    app.state.parts = parts
    for area in (
        signin,
        typed,
        lookups,
        lists,
        notices,
        notice_pages,
        claim_desk,
        claim_work,
        claims,
        records,
        alerts,
        anomalies,
        interface,
        logs,
        log_reports,
        verification,
        settlements,
        billing,
        billing_pages,
        billing_views,
        pages,
        assets,
        public,
        news,
        faults,
        agreements_pages,
        agreement_requests,
        users_pages,
        help,
    ):
        app.include_router(area.router)
    app.openapi = described(app)  # type: ignore[method-assign] # FastAPI's own way to a description of one's own
    return app


async def _on_http(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else _as_problem(error)
    if request.url.path.startswith("/api/"):
        return problem_response(problem)
    parts = parts_of(request)
    if problem.code == "no_session":
        return await ended(request, parts, problem.status_code)
    page = render(request, parts, "problem.html", status=problem.status_code, problem=problem)
    page.headers.update(problem.headers or {})
    return page


async def _on_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise TypeError("only validation errors come here") from error
    return await _on_http(request, invalid(error.errors()))


def _as_problem(error: Exception) -> Problem:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = error.headers if isinstance(error, HTTPException) else None
    titles = {404: ("not_found", "There is nothing here."), 405: ("method", "This is not done that way here.")}
    code, title = titles.get(status, ("http", "The request could not be read."))
    return Problem(status, code, title, "Check the address and the request.", headers=headers)
