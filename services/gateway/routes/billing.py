"""The billing clerk's API: usage, invoices, why a line costs what it costs, prices, corrections, files."""

from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from services.gateway.billing_desk import BillingDesk, FetchedFile
from services.gateway.domain.acting import Wish
from services.gateway.inquiring import Asker
from services.gateway.models import OnBehalf
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, refused, told
from services.gateway.sessions import Session
from shared.contracts.answers import (
    BillingBooks,
    BillingCorrections,
    BillingDocument,
    BillingDocuments,
    BillingLine,
    BillingPriceChange,
    BillingUsage,
    Refused,
)
from shared.contracts.asking import (
    BillingCorrectionsQuery,
    BillingDocumentQuery,
    BillingDocumentsQuery,
    BillingFileQuery,
    BillingLineQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
    Day,
    DocumentNumber,
    FileFormat,
    MonthText,
    Place,
)
from shared.contracts.base import Channel, Language

router = APIRouter(tags=["billing"])
_API: Final = "/api/v1/billing"
MEDIA_TYPES: Final[dict[FileFormat, str]] = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "ubl.xml": "application/xml",
    "pdf": "application/pdf",
}


class BillingUsageRequest(OnBehalf):
    """The use of a month, page by page."""

    month: MonthText
    day: Day | None = None
    product: Annotated[str, Field(max_length=40)] | None = None
    after: Place | None = None


class BillingDocumentsRequest(OnBehalf):
    """Invoices and credit notes, page by page."""

    after: Place | None = None


class BillingDocumentRequest(OnBehalf):
    """One invoice or credit note."""

    number: DocumentNumber


class BillingLineRequest(OnBehalf):
    """One line of it, with a page of the uses behind it."""

    number: DocumentNumber
    row: Annotated[int, Field(ge=1, le=10_000)]
    after: Place | None = None


class BillingPriceChangeRequest(OnBehalf):
    """The comparison of a year with the one before."""

    year: Annotated[int, Field(ge=2016, le=2100)]


class BillingFileRequest(OnBehalf):
    """A file of a document."""

    number: DocumentNumber
    format: FileFormat


def desk_of(parts: Parts) -> BillingDesk:
    """Who asks billing."""
    return BillingDesk(parts.desk.inquirer, parts.pseudonym_key, parts.desk.claim_seconds)


def asker_of(parts: Parts, session: Session, asked: OnBehalf, language: Language) -> Asker:
    """In whose name."""
    return parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)


def file_response(found: FetchedFile, query: BillingFileQuery) -> Response:
    """A file to save."""
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"'}
    return Response(found.content, 200, headers, media_type=MEDIA_TYPES[query.format])


@router.post(f"{_API}/usage", response_model=BillingUsage, responses=PROBLEMS)
async def read_usage(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingUsageRequest
) -> Response:
    """How often each product was used, by day and municipality."""
    query = BillingUsageQuery(month=asked.month, day=asked.day, product=asked.product, after=asked.after)
    return told(await desk_of(parts).usage(asker_of(parts, session, asked, language), query), language)


@router.post(f"{_API}/documents", response_model=BillingDocuments, responses=PROBLEMS)
async def read_documents(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingDocumentsRequest
) -> Response:
    """Invoices and credit notes of the own organisation, and those of a joint body with the own part."""
    query = BillingDocumentsQuery(after=asked.after)
    return told(await desk_of(parts).documents(asker_of(parts, session, asked, language), query), language)


@router.post(f"{_API}/documents/open", response_model=BillingDocument, responses=PROBLEMS)
async def read_document(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingDocumentRequest
) -> Response:
    """One document with its lines."""
    query = BillingDocumentQuery(number=asked.number)
    return told(await desk_of(parts).document(asker_of(parts, session, asked, language), query), language)


@router.post(f"{_API}/documents/explain", response_model=BillingLine, responses=PROBLEMS)
async def explain_line(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingLineRequest
) -> Response:
    """Price row, law and source of a line, and the events behind it, whose proofs the audit log gives."""
    query = BillingLineQuery(number=asked.number, row=asked.row, after=asked.after)
    return told(await desk_of(parts).line(asker_of(parts, session, asked, language), query), language)


@router.post(
    f"{_API}/documents/file",
    response_class=Response,
    responses={**PROBLEMS, 200: {"content": {media_type: {} for media_type in sorted(set(MEDIA_TYPES.values()))}}},
)
async def read_file(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingFileRequest) -> Response:
    """A file of a document. That it was fetched is in the log before the first byte leaves."""
    query = BillingFileQuery(number=asked.number, format=asked.format)
    found = await desk_of(parts).file(asker_of(parts, session, asked, language), query)
    return refused(found, language) if isinstance(found, Refused) else file_response(found, query)


@router.post(f"{_API}/books", response_model=BillingBooks, responses=PROBLEMS)
async def read_books(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: OnBehalf) -> Response:
    """The price books. Every price is an assumption, and each row says so."""
    return told(await desk_of(parts).books(asker_of(parts, session, asked, language)), language)


@router.post(f"{_API}/price-change", response_model=BillingPriceChange, responses=PROBLEMS)
async def read_price_change(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingPriceChangeRequest
) -> Response:
    """What a year costs the own municipalities under each price book, against the year before."""
    query = BillingPriceChangeQuery(year=asked.year)
    return told(await desk_of(parts).price_change(asker_of(parts, session, asked, language), query), language)


@router.post(f"{_API}/corrections", response_model=BillingCorrections, responses=PROBLEMS)
async def read_corrections(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: BillingDocumentsRequest
) -> Response:
    """Corrections of closed periods, and demands for rectification with their decisions."""
    query = BillingCorrectionsQuery(after=asked.after)
    return told(await desk_of(parts).corrections(asker_of(parts, session, asked, language), query), language)
