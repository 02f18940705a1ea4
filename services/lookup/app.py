"""Lookup's wiring: which loop feeds which handler. No decisions here; `python -m services.lookup.app` runs it."""

import asyncio
from datetime import timedelta
from typing import Final

from services.lookup import store
from services.lookup.handlers import claims_handler, register_handler
from services.lookup.lookups import LookUps
from shared.bus.topics import (
    CLAIMS_EVENTS,
    LOOKUP_REQUESTS,
    REGISTER_APPLICATIONS,
    REGISTER_DECISIONS,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
)
from shared.bus.waiting import Backoff
from shared.clock.system import system_now
from shared.database.errors import classify
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Background, Kit
from shared.service import serve
from shared.settings import GateSettings

REGISTER: Final = (REGISTER_PERSONS, REGISTER_APPLICATIONS, REGISTER_DECISIONS, REGISTER_PAYMENTS)
REDELIVERABLE: Final = (LOOKUP_REQUESTS.retention or timedelta(days=365)) + timedelta(days=1)
"""As long as its request may come again, a decided look-up is kept."""
TIDY_SECONDS: Final = 3600


def compose(kit: Kit) -> None:
    """Put lookup together on a kit.

    Raises:
        TypeError: the kit was made with other settings than lookup's.
    """
    if not isinstance(kit.settings, GateSettings):
        raise TypeError("lookup needs GateSettings")
    replica = Replica(kit)
    look_ups = LookUps(
        engine=kit.engine,
        publisher=kit.publisher,
        replier=kit.replier,
        ring=kit.ring,
        pseudonym_key=kit.secrets.key("pseudonym"),
        clock=kit.clock,
        now=system_now,
        directory=replica.directory,
        agreements=replica,
        audit=AuditFreshness(kit),
        limits=kit.settings.limits,
        log=kit.log,
    )
    kit.consume("lookup-register", REGISTER, register_handler(kit.ring), pause=0.1)
    kit.consume("lookup-claims", (CLAIMS_EVENTS,), claims_handler(kit.ring), pause=0.1)
    kit.answer("lookup-requests", LOOKUP_REQUESTS, look_ups.answer)
    kit.background("tidy", tidy(kit))


def tidy(kit: Kit) -> Background:
    """Delete, every hour, decided look-ups whose request can no longer come again."""

    async def run() -> None:
        backoff = Backoff()
        while True:
            try:
                async with kit.engine.begin() as conn:
                    forgotten = await store.forget_decided(conn, REDELIVERABLE)
            except Exception as error:
                if classify(error) != "transient":
                    raise
                await backoff.wait()
            else:
                backoff.reset()
                kit.log.info("tidied", decided=forgotten)
                await asyncio.sleep(TIDY_SECONDS)

    return run


if __name__ == "__main__":
    serve("lookup", compose, GateSettings)
