"""Help by page, the accessibility statement, and where support is found. For everybody, signed in or not."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.gateway.domain.helping import TOPICS, topic_of
from services.gateway.domain.writing import weekday
from services.gateway.parts import MaybeSession, PartsOf
from services.gateway.rendering import render
from shared.clock.civil import helsinki
from shared.finnish.support_hours import CLOSES, OPENS, is_open, next_opening

router = APIRouter(include_in_schema=False)


@router.get("/help")
async def help_page(
    request: Request, parts: PartsOf, session: MaybeSession, page: Annotated[str, Query(max_length=200)] = "/"
) -> Response:
    """The help of the page that the reader comes from, and what other help there is."""
    topic = page if page in TOPICS else topic_of(page)
    return render(request, parts, "help.html", session=session, topic=topic, topics=tuple(TOPICS))


@router.get("/accessibility")
async def accessibility(request: Request, parts: PartsOf, session: MaybeSession) -> Response:
    """The accessibility statement: what was aimed at, how it was checked, what is known not to hold."""
    return render(request, parts, "accessibility.html", session=session)


@router.get("/support")
async def support(request: Request, parts: PartsOf, session: MaybeSession) -> Response:
    """When support answers, whether it does now, and how to tell of a fault."""
    now = parts.clock.now()
    opens = helsinki(next_opening(now))
    hours = (OPENS.hour, CLOSES.hour)
    return render(
        request,
        parts,
        "support.html",
        session=session,
        is_open=is_open(now),
        opens=opens.date(),
        hours=hours,
        weekday=weekday,
    )
