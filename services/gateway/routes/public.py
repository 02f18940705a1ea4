"""The start page: for strangers what the service is; for the signed-in what their roles may do, and what waits."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import RedirectResponse, Response

from services.gateway.domain.acting import Wish
from services.gateway.domain.offering import offered
from services.gateway.inquiring import Asker
from services.gateway.parts import LanguageOf, MaybeSession, NeedsSession, Parts, PartsOf
from services.gateway.rendering import render, shown
from services.gateway.routes.lookups import SEARCH_PURPOSES
from services.gateway.sending import sent
from shared.contracts.anomalies import AlertState
from shared.contracts.answers import Refused
from shared.contracts.asking import AlertsQuery, ClaimsQuery, NoticesQuery
from shared.contracts.base import Channel, Contract, Purpose, Role
from shared.gate.facts import Function

router = APIRouter(include_in_schema=False)
ALERTS: Final = 10
"""How many emergency overrides the start page of a log supervisor shows."""


class Nothing(BaseModel):
    """A form that says nothing more."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for the reader."""

    words: str
    count: int
    more: bool
    """Whether there are more than were counted."""
    address: str
    event: UUID | None = None
    """The entry of the log that tells of the counting, where counting is looking."""


@router.get("/")
async def start(request: Request, parts: PartsOf, session: MaybeSession) -> Response:
    """What the service is for strangers, the choice for those who must choose, else what the person's roles may do."""
    if session is None:
        return render(request, parts, "public.html", news=parts.news.news())
    if parts.acting_of(session, Wish()) is None:
        return RedirectResponse("/behalf", 303)
    supervised = parts.supervised_by(session.identity)
    alerts = await parts.alerts.newest(supervised, ALERTS) if supervised else None
    return render(
        request,
        parts,
        "start.html",
        session=session,
        purposes=SEARCH_PURPOSES,
        errors=(),
        alerts=alerts,
        news=parts.news.news(),
        waiting=None,
    )


@router.post("/waiting")
async def waiting(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """What waits, counted by the questions that the reader's pages ask; no client stands in the answers."""
    await sent(request, parts, session, Nothing)
    asker = parts.asker(session, Wish(), Channel.UI, language)
    found = await _waiting(parts, asker)
    if isinstance(found, Refused):
        return shown(request, parts, session, "refused.html", found)
    return render(request, parts, "waiting.html", session=session, waiting=found)


async def _waiting(parts: Parts, asker: Asker) -> tuple[Waiting, ...] | Refused:
    roles = asker.acting.roles
    rows: list[Waiting] = []
    if offered(Function.VIEW_NOTICES, roles):
        notices = await parts.desk.notices(asker, NoticesQuery(purpose=Purpose.ETOTU, state="open"))
        if isinstance(notices, Refused):
            return notices
        rows.append(_row("notices", notices.rows, notices.next, "/notices"))
    if offered(Function.VIEW_CLAIMS, roles) or offered(Function.HANDLE_CLAIMS, roles):
        view = "queue" if Role.CLAIM_HANDLER in roles else "ending_soon"
        claims = await parts.desk.claims(asker, ClaimsQuery.model_validate({"view": view}))
        if isinstance(claims, Refused):
            return claims
        rows.append(_row(f"claims_{view}", claims.rows, claims.next, "/claims/work"))
    if offered(Function.HANDLE_ALERTS, roles):
        alerts = await parts.desk.anomalies(asker, AlertsQuery(state=AlertState.OPEN))
        if isinstance(alerts, Refused):
            return alerts
        rows.append(Waiting("anomalies", len(alerts.rows), more=False, address="/anomalies", event=alerts.event))
    return tuple(rows)


def _row(words: str, rows: tuple[Contract, ...], more: str | None, address: str) -> Waiting:
    return Waiting(words, len(rows), more is not None, address)
