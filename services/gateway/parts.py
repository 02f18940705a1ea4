"""What the gateway's handlers work with, and how they find out who asks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import Depends, Request
from structlog.stdlib import BoundLogger

from services.gateway.desk import Desk
from services.gateway.domain.acting import Acting, Option, Wish, decide, options
from services.gateway.inquiring import Asker
from services.gateway.keeping import Faults, NewsBoard
from services.gateway.keys import SessionKeys
from services.gateway.names import Names
from services.gateway.oidc import Oidc
from services.gateway.overrides import Overrides
from services.gateway.problems import Problem, no_session, not_ready
from services.gateway.sessions import Identity, Session, Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.store.alerts import Alert
from services.gateway.typed import TypedForms
from services.gateway.words import language_of
from shared.clock.business import BusinessClock
from shared.clock.civil import helsinki_date
from shared.contracts.base import Channel, Language, Role
from shared.directory.model import Directory
from shared.ids import pseudonym

LANGUAGE_COOKIE = "kelmu_language"


class AgreementsView(Protocol):
    """The gateway's copy of what agreements has published (`shared.directory.replica.Replica`)."""

    @property
    def directory(self) -> Directory:
        """The state as far as it was read."""
        ...

    @property
    def ready(self) -> bool:
        """Whether it was read to the end that it had at the start."""
        ...


class AlertsKept(Protocol):
    """What is known of emergency overrides (`store.alerts.AlertStore`)."""

    async def newest(self, organisations: Collection[str], limit: int) -> tuple[Alert, ...]:
        """The newest alerts of these organisations, newest first."""
        ...


class Pace(Protocol):
    """Counts the calls of the interface (`store.pace.PaceStore`)."""

    async def take(self, agreement: str, minute: datetime, limit: int) -> bool:
        """Count one call of the minute, unless the limit is used up."""
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a handler may use."""

    settings: GatewaySettings
    sessions: Sessions
    keys: SessionKeys
    oidc: Oidc
    desk: Desk
    agreements: AgreementsView
    names: Names
    overrides: Overrides
    alerts: AlertsKept
    pace: Pace
    news: NewsBoard
    faults: Faults
    clock: BusinessClock
    now: Callable[[], datetime]
    """System clock."""
    pseudonym_key: bytes = field(repr=False)
    log: BoundLogger

    @property
    def session_cookie(self) -> str:
        """Name of the session cookie; with TLS the prefix that ties it to this host alone."""
        return self.settings.cookie("kelmu_session")

    @property
    def typed_cookie(self) -> str:
        """Name of the cookie that holds the key of what was typed."""
        return self.settings.cookie("kelmu_typed")

    @property
    def typed(self) -> TypedForms:
        """What people had typed into forms that could not be taken."""
        sessions = self.sessions
        return TypedForms(sessions.store, self.keys, self.settings.typed_life, sessions.now)

    def options_of(self, identity: Identity) -> tuple[Option, ...]:
        """What the person's mandates of this (business) day allow them to choose.

        Raises:
            Problem: 503 while agreements have not been read.
        """
        if not self.agreements.ready:
            raise not_ready("agreements are being read")
        if identity.identity_code is None:
            return ()
        worker = pseudonym(self.pseudonym_key, "worker", identity.identity_code)
        return options(self.agreements.directory.mandates(worker, helsinki_date(self.clock.now())))

    def supervised_by(self, identity: Identity) -> frozenset[str]:
        """Organisations whose log the person supervises today, by mandate and with an account that is not locked."""
        if identity.identity_code is None:
            return frozenset()
        worker = pseudonym(self.pseudonym_key, "worker", identity.identity_code)
        directory = self.agreements.directory
        return frozenset(
            option.organisation
            for option in self.options_of(identity)
            if Role.LOG_SUPERVISOR in option.roles and not _locked(directory, option.organisation, worker)
        )

    def acting_of(self, session: Session, asked: Wish) -> Acting | None:
        """In whose name the session acts; None when the person must choose first."""
        chosen = Wish(session.organisation, session.member)
        return decide(self.options_of(session.identity), asked, chosen, session.identity.organisation)

    def asker(self, session: Session, asked: Wish, channel: Channel, language: Language) -> Asker:
        """Who asks, for a request to a service.

        Raises:
            Problem: 409 when it is not clear on whose behalf, 503 while agreements have not been read.
        """
        acting = self.acting_of(session, asked)
        if acting is None:
            raise Problem(
                409,
                "choose_first",
                "It is not clear on whose behalf you act.",
                "Choose an organisation and a municipality first, or name them in the request.",
            )
        return Asker(session.identity, acting, channel, language)


def _locked(directory: Directory, organisation: str, worker: str) -> bool:
    user = directory.user(organisation, worker)
    return user is not None and user.status == "locked"


def parts_of(request: Request) -> Parts:
    """The parts of the application that serves the request."""
    parts = request.app.state.parts
    if not isinstance(parts, Parts):
        raise TypeError("the application was made without its parts")
    return parts


def language_wanted(request: Request) -> Language:
    """The language of the answer."""
    return language_of(request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language", ""))


async def _parts(request: Request) -> Parts:
    # A coroutine, because FastAPI sends plain functions to another thread, which costs more than they do.
    return parts_of(request)


async def _language(request: Request) -> Language:
    return language_wanted(request)


PartsOf = Annotated[Parts, Depends(_parts)]
LanguageOf = Annotated[Language, Depends(_language)]


async def session_or_none(request: Request, parts: PartsOf) -> Session | None:
    """The living session of the request, if any: the one database read of a request."""
    return await parts.sessions.find(request.cookies.get(parts.session_cookie))


async def session_needed(session: Annotated[Session | None, Depends(session_or_none)]) -> Session:
    """The living session of the request.

    Raises:
        Problem: 401 when there is none.
    """
    if session is None:
        raise no_session()
    return session


MaybeSession = Annotated[Session | None, Depends(session_or_none)]
NeedsSession = Annotated[Session, Depends(session_needed)]
