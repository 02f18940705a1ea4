"""Settlement rows of a month as one file, to download. They are asked for page by page through the gate of claims.

Every page's access event is acknowledged before claims gives the page, and no byte of the file leaves before the last
page has come: a file is whole, or there is none.
"""

from decimal import Decimal
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.inquiring import Asker
from services.gateway.models import OnBehalf
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.problems import Problem
from services.gateway.refusing import PROBLEMS, refused
from services.gateway.rendering import shown
from services.gateway.sending import sent
from shared.clock.civil import Month
from shared.contracts.answers import Refused, SettlementRow
from shared.contracts.asking import MonthText, SettlementsQuery
from shared.contracts.base import Channel
from shared.settlement_files import as_csv, as_xlsx

router = APIRouter()
MOST_PAGES: Final = 500
"""Longer than any municipality's month; what is longer still is no file for a spreadsheet."""
Format = Literal["csv", "xlsx"]
MEDIA_TYPES: Final[dict[Format, str]] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SettlementsFileRequest(OnBehalf):
    """The settlement rows of the month in which the money moved, as a file."""

    month: MonthText
    format: Annotated[Format, Field(description="CSV with decimal points and ISO dates, or an Excel workbook.")] = "csv"


@router.post(
    "/api/v1/settlements/file",
    response_class=Response,
    responses={**PROBLEMS, 200: {"content": {media_type: {} for media_type in MEDIA_TYPES.values()}}},
    tags=["claims"],
)
async def download_settlements(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: SettlementsFileRequest
) -> Response:
    """Everything that the municipality was paid in a month, by reference, as CSV or XLSX."""
    asker = parts.asker(session, Wish(asked.organisation, asked.member), Channel.UI, language)
    rows = await whole_month(parts, asker, asked.month)
    return refused(rows, language) if isinstance(rows, Refused) else _file(rows, asker, asked)


@router.post("/claims/settlements/file", include_in_schema=False)
async def settlements_file(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The same by the buttons of the page."""
    asked = await sent(request, parts, session, SettlementsFileRequest)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    rows = await whole_month(parts, asker, asked.month)
    if isinstance(rows, Refused):
        return shown(request, parts, session, "refused.html", rows)
    return _file(rows, asker, asked)


async def whole_month(parts: Parts, asker: Asker, month: str) -> tuple[SettlementRow, ...] | Refused:
    """Every row of a month, or the refusal of whichever page was refused.

    Raises:
        Problem: 409 the rows changed between two pages, 422 they are too many for a file, or as `Inquirer.answer`.
    """
    rows: list[SettlementRow] = []
    after, totals = None, set[str]()
    for _ in range(MOST_PAGES):
        page = await parts.desk.settlements(asker, SettlementsQuery(month=month, after=after))
        if isinstance(page, Refused):
            return page
        rows += page.rows
        totals.add(page.total)
        after = page.next
        if after is None:
            # Claims sums the whole month for every page: what does not add up was changed while it was read.
            if totals != {f"{sum(Decimal(row.to_municipality) for row in rows):.2f}"}:
                raise _changed()
            return tuple(rows)
    raise _too_long()


def _file(rows: tuple[SettlementRow, ...], asker: Asker, asked: SettlementsFileRequest) -> Response:
    month, organisation = Month.parse(asked.month), asker.acting.organisation
    content = as_csv(rows) if asked.format == "csv" else as_xlsx(rows, f"{organisation} {month}", month.ends_before)
    headers = {"Content-Disposition": f'attachment; filename="settlements-{organisation}-{month}.{asked.format}"'}
    return Response(content, 200, headers, media_type=MEDIA_TYPES[asked.format])


def _changed() -> Problem:
    return Problem(409, "settlements_changed", "The settlements changed while they were read.", "Ask for them again.")


def _too_long() -> Problem:
    return Problem(
        422, "settlements_too_long", "The month has too many settlements for one file.", "Read them page by page."
    )
