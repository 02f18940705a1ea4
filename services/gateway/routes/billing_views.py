"""The billing clerk's pages beside the documents: use of a month, price books, what a change of prices means."""

import csv
import io
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.domain.comparing import compared, difference, file_rows
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.rendering import behalf_line, shown
from services.gateway.routes.billing import desk_of
from services.gateway.sending import sent
from shared.contracts.answers import BillingPriceChange, BillingUsage
from shared.contracts.asking import (
    BillingCorrectionsQuery,
    BillingPriceChangeQuery,
    BillingUsageQuery,
    MonthText,
    Place,
)
from shared.contracts.base import Channel

router = APIRouter(include_in_schema=False)


class UsageForm(BaseModel):
    """Which month's use to see."""

    model_config = ConfigDict(extra="forbid")

    month: MonthText
    after: Place | None = None


class YearForm(BaseModel):
    """Which year to compare with the one before."""

    model_config = ConfigDict(extra="forbid")

    year: Annotated[int, Field(ge=2016, le=2100)]


class NothingForm(BaseModel):
    """A button only."""

    model_config = ConfigDict(extra="forbid")


@router.post("/billing/usage")
async def usage(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The use of a month by product and municipality, with the month's active users."""
    asked = await sent(request, parts, session, UsageForm)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    answer = await desk_of(parts).usage(asker, BillingUsageQuery(month=asked.month, sums=True, after=asked.after))
    rows = answer.rows if isinstance(answer, BillingUsage) else ()
    most = max((row.quantity for row in rows), default=0)
    behalf = behalf_line(parts, asker.acting, language)
    return shown(request, parts, session, "billing_usage.html", answer, behalf=behalf, most=most)


@router.post("/billing/prices")
async def prices(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The price books; which is in force, and where each price comes from."""
    await sent(request, parts, session, NothingForm)
    answer = await desk_of(parts).books(parts.asker(session, Wish(), Channel.UI, language))
    return shown(request, parts, session, "billing_prices.html", answer)


@router.post("/billing/change")
async def change(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """A year beside the one before, under each price book."""
    query = await sent(request, parts, session, BillingPriceChangeQuery)
    answer = await desk_of(parts).price_change(parts.asker(session, Wish(), Channel.UI, language), query)
    seen = compared(answer) if isinstance(answer, BillingPriceChange) else None
    return shown(request, parts, session, "billing_change.html", answer, seen=seen, difference=difference)


@router.post("/billing/change/file")
async def change_file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The whole comparison as CSV after RFC 4180: decimal points, nothing where an amount cannot be told."""
    asked = await sent(request, parts, session, YearForm)
    query = BillingPriceChangeQuery(year=asked.year)
    answer = await desk_of(parts).price_change(parts.asker(session, Wish(), Channel.UI, language), query)
    if not isinstance(answer, BillingPriceChange):
        return shown(request, parts, session, "refused.html", answer)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(file_rows(answer))
    headers = {"Content-Disposition": f'attachment; filename="price-change-{answer.year}.csv"'}
    return Response(out.getvalue().encode(), 200, headers, media_type="text/csv; charset=utf-8")


@router.post("/billing/corrections")
async def corrections(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """What was rated anew after its period was closed, and demands for rectification with their decisions."""
    query = await sent(request, parts, session, BillingCorrectionsQuery)
    answer = await desk_of(parts).corrections(parts.asker(session, Wish(), Channel.UI, language), query)
    return shown(request, parts, session, "billing_corrections.html", answer)
