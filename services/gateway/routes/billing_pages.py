"""The billing clerk's pages: from the list to a document, to a line, to the events behind a cent."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.rendering import behalf_line, render, shown
from services.gateway.routes.billing import MEDIA_TYPES, desk_of, file_response
from services.gateway.sending import sent
from shared.contracts.answers import Refused
from shared.contracts.asking import BillingDocumentQuery, BillingDocumentsQuery, BillingFileQuery, BillingLineQuery
from shared.contracts.base import Channel

router = APIRouter(include_in_schema=False)


@router.get("/billing")
async def billing(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """Where the clerk begins; nothing is asked yet."""
    return render(request, parts, "billing.html", session=session, answer=None, behalf="")


@router.post("/billing")
async def documents(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One page of invoices and credit notes."""
    query = await sent(request, parts, session, BillingDocumentsQuery)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await desk_of(parts).documents(asker, query)
    return shown(request, parts, session, "billing.html", answer, behalf=behalf_line(parts, asker.acting, language))


@router.post("/billing/document")
async def document(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One document with its lines."""
    query = await sent(request, parts, session, BillingDocumentQuery)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await desk_of(parts).document(asker, query)
    return shown(request, parts, session, "billing_document.html", answer, formats=tuple(MEDIA_TYPES))


@router.post("/billing/line")
async def line(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """Why a line costs what it costs."""
    query = await sent(request, parts, session, BillingLineQuery)
    answer = await desk_of(parts).line(parts.asker(session, Wish(), Channel.UI, language), query)
    return shown(request, parts, session, "billing_line.html", answer)


@router.post("/billing/file")
async def file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """A file of a document."""
    query = await sent(request, parts, session, BillingFileQuery)
    found = await desk_of(parts).file(parts.asker(session, Wish(), Channel.UI, language), query)
    if isinstance(found, Refused):
        return shown(request, parts, session, "refused.html", found)
    return file_response(found, query)
