"""The log: a person's own, read in nobody's name but theirs, and the search of Kela's auditor."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.gateway.domain.acting import Acting, Wish
from services.gateway.forms import Rejected, checked_form, read
from services.gateway.inquiring import Asker
from services.gateway.parts import LanguageOf, NeedsSession, Parts, PartsOf
from services.gateway.refusing import PROBLEMS, told
from services.gateway.rendering import render, shown
from services.gateway.sending import sent
from services.gateway.sessions import Identity, Session
from shared.contracts.access import Outcome
from shared.contracts.answers import LogSearchPage, OwnLogPage
from shared.contracts.asking import LogSearchQuery, OwnLogQuery, Place
from shared.contracts.base import Channel, Language, Purpose
from shared.gate.mandates import KELA

router = APIRouter()


class OwnLogRequest(BaseModel):
    """One page of the log of one's own data. It says nothing of whom: it is about the person signed in."""

    model_config = ConfigDict(extra="forbid")

    after: Place | None = None


class LogSearchRequest(LogSearchQuery):
    """A search of the log by Kela's auditor, on whose behalf the session has chosen. `organisation` narrows it."""

    model_config = ConfigDict(extra="forbid")


def oneself(identity: Identity, language: Language) -> Asker:
    """A person who asks about themselves: of Kela, which keeps the log, in nobody's name and without a role."""
    return Asker(identity, Acting(KELA, None, ()), Channel.CITIZEN, language)


@router.post("/api/v1/log/own", response_model=OwnLogPage, responses=PROBLEMS, tags=["log"])
async def read_own_log(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: OwnLogRequest) -> Response:
    """Who looked at my data in the last two years, newest first; each entry with its proof."""
    query = OwnLogQuery(after=asked.after)
    return told(await parts.desk.own_log(oneself(session.identity, language), query), language)


@router.post("/api/v1/log/search", response_model=LogSearchPage, responses=PROBLEMS, tags=["log"])
async def search_log(parts: PartsOf, session: NeedsSession, language: LanguageOf, asked: LogSearchRequest) -> Response:
    """Entries of the log, for Kela's auditor. The search and its reason are in the log before anything is shown."""
    asker = parts.asker(session, Wish(), Channel.UI, language)
    return told(await parts.desk.search_log(asker, LogSearchQuery.model_validate(asked.model_dump())), language)


@router.get("/log/own", include_in_schema=False)
async def own_log_asked(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """What the log of one's own data is. It is read by the button: reading it is an entry of its own."""
    return render(request, parts, "own_log.html", session=session, answer=None)


@router.post("/log/own", include_in_schema=False)
async def own_log_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """The newest page of it, or one further back."""
    asked = await sent(request, parts, session, OwnLogRequest)
    answer = await parts.desk.own_log(oneself(session.identity, language), OwnLogQuery(after=asked.after))
    return shown(request, parts, session, "own_log.html", answer)


@router.get("/log/search", include_in_schema=False)
async def search_form(request: Request, parts: PartsOf, session: NeedsSession) -> Response:
    """The form of the search."""
    return _form(request, parts, session)


@router.post("/log/search", include_in_schema=False)
async def search_page(request: Request, parts: PartsOf, session: NeedsSession, language: LanguageOf) -> Response:
    """What was found."""
    asked = read(LogSearchQuery, await checked_form(request, parts, session))
    if isinstance(asked, Rejected):
        return _form(request, parts, session, errors=asked.fields, status=422)
    answer = await parts.desk.search_log(parts.asker(session, Wish(), Channel.UI, language), asked)
    return shown(
        request,
        parts,
        session,
        "log_search.html",
        answer,
        outcomes=tuple(Outcome),
        purposes=tuple(Purpose),
        errors=(),
        asked=asked,
    )


def _form(
    request: Request, parts: Parts, session: Session, *, errors: tuple[str, ...] = (), status: int = 200
) -> Response:
    return render(
        request,
        parts,
        "log_search.html",
        session=session,
        status=status,
        outcomes=tuple(Outcome),
        purposes=tuple(Purpose),
        errors=errors,
        answer=None,
    )
