"""Lookup's wiring: which loop feeds which handler. No decisions here; `python -m services.lookup.app` runs it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Answering, Desk
from services.lookup.asking import COMMANDS, Asking
from services.lookup.desks.commanding import Commanding
from services.lookup.desks.lists import Lists
from services.lookup.desks.notice_changes import NoticeChanges
from services.lookup.desks.notices import NoticeFigures, NoticeList, NoticeOpened
from services.lookup.desks.people import People
from services.lookup.desks.remarks import Remarks
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.store import decided
from services.lookup.store.counts import held_in_hour
from services.lookup.telling import Teller
from services.lookup.undelivered import Undelivered
from shared.bus.requests import Request
from shared.bus.topics import (
    ACCESS_EVENTS,
    CLAIMS_EVENTS,
    COUNTS_ASKED,
    LOOKUP_REQUESTS,
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_NOTICES,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
    REGISTER_STATUS,
)
from shared.clock.system import system_now
from shared.contracts.asking import (
    AnnotateLookUp,
    ListQuery,
    NoticeCommand,
    NoticeQuery,
    NoticesQuery,
    NoticeStatisticsQuery,
    PersonQuery,
)
from shared.contracts.base import Contract
from shared.counted import on_hours_asked
from shared.database.repeating import again_and_again
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Background, Kit
from shared.service import serve
from shared.settings import GateSettings

REGISTER: Final = (
    REGISTER_PERSONS,
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_PAYMENTS,
    REGISTER_STATUS,
    REGISTER_NOTICES,
)
REDELIVERABLE: Final = (LOOKUP_REQUESTS.retention or timedelta(days=365)) + timedelta(days=1)
"""As long as its request may be delivered again, what was decided is kept; that it was decided, for ever."""
TIDY_SECONDS: Final = 3600


def compose(kit: Kit) -> None:
    """Put lookup together on a kit.

    Raises:
        TypeError: the kit was made with other settings than lookup's.
    """
    if not isinstance(kit.settings, GateSettings):
        raise TypeError("lookup needs GateSettings")
    replica = Replica(kit)
    asking = Asking(
        pseudonym_key=kit.secrets.key("pseudonym"),
        clock=kit.clock,
        now=system_now,
        directory=replica.directory,
        agreements=replica.age,
        audit=AuditFreshness(kit).age,
        limits=kit.settings.limits,
    )
    teller = Teller(engine=kit.engine, publisher=kit.publisher, ring=kit.ring)
    answering = Answering(
        desks=desks_of(asking, kit.engine, teller),
        teller=teller,
        undelivered=Undelivered(engine=kit.engine, publisher=kit.publisher, key=asking.pseudonym_key, now=system_now),
        replier=kit.replier,
        expired=lambda request: expired(request, system_now()),
        log=kit.log,
    )
    kit.consume("lookup-register", REGISTER, register_handler(kit.ring), pause=0.1)
    kit.consume("lookup-claims", (CLAIMS_EVENTS,), claims_handler(kit.ring), pause=0.1)
    kit.answer("lookup-requests", LOOKUP_REQUESTS, answering.answer)
    kit.consume("lookup-counts", (COUNTS_ASKED,), on_hours_asked("lookup", ACCESS_EVENTS, held_in_hour))
    kit.relay_outbox()
    kit.background("tidy", tidy(kit))


def desks_of(asking: Asking, engine: AsyncEngine, teller: Teller) -> Mapping[type[Contract], Desk]:
    """Who answers which kind of request."""
    commanding = Commanding(engine=engine, event=teller.event, key=asking.pseudonym_key)
    return {
        PersonQuery: People(asking=asking, engine=engine),
        ListQuery: Lists(asking=asking, engine=engine),
        NoticesQuery: NoticeList(asking=asking, engine=engine),
        NoticeQuery: NoticeOpened(asking=asking, engine=engine),
        NoticeStatisticsQuery: NoticeFigures(asking=asking, engine=engine),
        NoticeCommand: NoticeChanges(asking=asking, engine=engine, commanding=commanding),
        AnnotateLookUp: Remarks(asking=asking, commanding=commanding),
    }


def expired(request: Request, now: datetime) -> bool:
    """Whether a query is past its deadline; a command does not expire once it was accepted."""
    return not isinstance(request.body, COMMANDS) and request.expired(now)


def tidy(kit: Kit) -> Background:
    """Forget, every hour, what was decided on requests that can no longer be delivered again."""

    async def forget() -> None:
        async with kit.engine.begin() as conn:
            forgotten = await decided.forget_decided(conn, REDELIVERABLE)
        kit.log.info("tidied", decided=forgotten)

    return lambda: again_and_again(forget, TIDY_SECONDS, kit.log, "tidying_waits")


if __name__ == "__main__":
    serve("lookup", compose, GateSettings)
