"""Emergency overrides, told to the log supervisors of the organisation. Nothing here names a client."""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.gateway.asked import Alerts, AlertView
from services.gateway.models import ProblemView
from services.gateway.parts import NeedsSession, Parts, PartsOf
from services.gateway.problems import not_allowed
from services.gateway.rendering import render
from services.gateway.sessions import Session
from services.gateway.store.alerts import Alert

router = APIRouter()
NEWEST: Final = 100
"""How many are shown. The look-up of each stands in the log, whether it is shown here or not."""


@router.get(
    "/api/v1/alerts",
    responses={401: {"model": ProblemView}, 403: {"model": ProblemView}, 503: {"model": ProblemView}},
    tags=["supervision"],
)
async def read_alerts(parts: PartsOf, session: NeedsSession) -> Alerts:
    """The newest emergency overrides in the organisations whose log the reader supervises."""
    found = await _newest(parts, session)
    return Alerts(alerts=tuple(AlertView.model_validate(one, from_attributes=True) for one in found))


@router.get("/alerts", include_in_schema=False)
async def alerts_page(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The same as a page."""
    alerts = await _newest(parts, session)
    return render(request, parts, "alerts.html", session=session, alerts=alerts, most=NEWEST)


async def _newest(parts: Parts, session: Session) -> tuple[Alert, ...]:
    organisations = parts.supervised_by(session.identity)
    if not organisations:
        raise not_allowed("Ask the main user of your organisation for the role of log supervisor.")
    return await parts.alerts.newest(organisations, NEWEST)
