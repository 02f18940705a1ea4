"""Emergency overrides, told to the log supervisors of the organisation. Nothing here names a client."""

from typing import Final

from fastapi import APIRouter

from services.gateway.asked import Alerts, AlertView
from services.gateway.models import ProblemView
from services.gateway.parts import NeedsSession, PartsOf
from services.gateway.problems import not_allowed

router = APIRouter()
NEWEST: Final = 100
"""How many are shown; all of them stand in the log and its reports."""


@router.get(
    "/api/v1/alerts",
    responses={401: {"model": ProblemView}, 403: {"model": ProblemView}, 503: {"model": ProblemView}},
    tags=["supervision"],
)
async def read_alerts(parts: PartsOf, session: NeedsSession) -> Alerts:
    """The newest emergency overrides in the organisations whose log the reader supervises."""
    organisations = parts.supervised_by(session.identity)
    if not organisations:
        raise not_allowed("Ask the main user of your organisation for the role of log supervisor.")
    found = await parts.alerts.newest(organisations, NEWEST)
    return Alerts(alerts=tuple(AlertView.model_validate(one, from_attributes=True) for one in found))
