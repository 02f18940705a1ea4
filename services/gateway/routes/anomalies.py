"""Alerts of anomalies: seen, acknowledged and closed by the log supervisor, or by Kela's auditor. No client's data."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.gateway.domain.acting import Wish
from services.gateway.parts import LanguageOf, NeedsSession, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from shared.contracts.anomalies import AlertState, CloseReason
from shared.contracts.answers import AlertDone, AlertsPage
from shared.contracts.asking import AlertCommand, AlertsQuery
from shared.contracts.base import Channel

router = APIRouter()


class AnomaliesRequest(BaseModel):
    """Which alerts: those that are not closed, of one state, or all."""

    model_config = ConfigDict(extra="forbid")

    state: AlertState | Literal["unclosed", "all"] = "unclosed"

    def query(self) -> AlertsQuery:
        """The question that it asks."""
        return AlertsQuery(state=None if self.state == "all" else self.state)


class AnomalyRequest(AlertCommand):
    """One step on one alert."""

    model_config = ConfigDict(extra="forbid")


@router.post("/api/v1/anomalies", response_model=AlertsPage, responses=PROBLEMS, tags=["supervision"])
async def read_anomalies(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: AnomaliesRequest
) -> Response:
    """The newest alerts of anomalies, each with its rule, figures, explanation and entries."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return told(await parts.desk.anomalies(asker, asked.query()), language)


@router.post("/api/v1/anomalies/handle", response_model=AlertDone, responses=PROBLEMS, tags=["supervision"])
async def handle_anomaly(
    parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: AnomalyRequest
) -> Response:
    """Acknowledge an alert, or close it with a reason. With the same idempotency key nothing happens twice."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return told(await parts.desk.handle_anomaly(asker, AlertCommand.model_validate(asked.model_dump())), language)


@router.get("/anomalies", include_in_schema=False)
async def anomalies_asked(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """What the alerts are. They are read by the button: reading them is an entry of the log."""
    return render(request, parts, "anomalies.html", session=session, answer=None, reasons=tuple(CloseReason))


@router.post("/anomalies", include_in_schema=False)
async def anomalies_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The newest ones."""
    asked = await sent(request, parts, session, AnomaliesRequest)
    answer = await parts.desk.anomalies(parts.asker(session, Wish(), Channel.UI, language), asked.query())
    return shown(request, parts, session, "anomalies.html", answer, reasons=tuple(CloseReason))


@router.post("/anomalies/handle", include_in_schema=False)
async def handle_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """One step, from the button beside the alert."""
    asked = await sent(request, parts, session, AnomalyRequest)
    command = AlertCommand.model_validate(asked.model_dump())
    answer = await parts.desk.handle_anomaly(parts.asker(session, Wish(), Channel.UI, language), command)
    return shown(request, parts, session, "anomaly_handled.html", answer)
