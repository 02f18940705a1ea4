"""Wiring of everything that is answered from the log."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from services.audit.asking import Asking
from services.audit.desks.alerting import Alerts, Handling
from services.audit.desks.generic_reports import GenericReports
from services.audit.desks.own_log import OwnLog
from services.audit.desks.searching import Searching
from services.audit.desks.specific_reports import SpecificReports
from services.audit.desks.verifying import Verifying
from services.audit.opening import Opening
from services.audit.report_data import indicators
from services.audit.requests import Desk, LogRequests
from services.audit.settings import AuditSettings, key_history, witnesses
from services.audit.store import telling
from services.audit.telling import Teller
from shared.bus.topics import AUDIT_REQUESTS
from shared.bus.waiting import Backoff
from shared.clock.system import system_now
from shared.contracts.asking import (
    AlertCommand,
    AlertsQuery,
    AskSpecificReport,
    DecideSpecificReport,
    GenericReportQuery,
    GenericReportsQuery,
    LogSearchQuery,
    LogVerificationQuery,
    OwnLogQuery,
    SpecificReportFileQuery,
    SpecificReportQuery,
    SpecificReportsQuery,
)
from shared.contracts.base import Contract
from shared.database.engine import driver
from shared.database.errors import classify
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Kit

CONSUMER: Final = "audit-requests"
REDELIVERABLE: Final = (AUDIT_REQUESTS.retention or timedelta(days=365)) + timedelta(days=1)
"""As long as its request may be delivered again, what was told is kept."""
TIDY_SECONDS: Final = 3600


def answer_questions(kit: Kit, settings: AuditSettings) -> None:
    """Let the process answer `audit.requests`."""
    replica = Replica(kit)
    asking = Asking(
        pseudonym_key=kit.secrets.key("pseudonym"),
        clock=kit.clock,
        now=system_now,
        directory=replica.directory,
        agreements=replica.age,
        audit=AuditFreshness(kit).age,
        limits=settings.limits,
    )
    requests = LogRequests(
        desks=desks_of(kit, asking, settings),
        teller=Teller(engine=kit.engine, publisher=kit.publisher, ring=kit.ring),
        now=system_now,
        log=kit.log,
    )
    kit.answer(CONSUMER, AUDIT_REQUESTS, requests.answer)
    kit.background("tidy", lambda: _tidy(kit))


def desks_of(kit: Kit, asking: Asking, settings: AuditSettings) -> Mapping[type[Contract], Desk]:
    """Who answers which kind of question."""
    opening = Opening(kit.ring)
    keys = key_history(kit.secrets, settings.log_origin)
    generic = GenericReports(asking=asking, engine=kit.engine)
    specific = SpecificReports(
        asking=asking, engine=kit.engine, opening=opening, ring=kit.ring, by=indicators().settings
    )
    return {
        GenericReportsQuery: generic,
        GenericReportQuery: generic,
        AskSpecificReport: specific,
        DecideSpecificReport: specific,
        SpecificReportsQuery: specific,
        SpecificReportQuery: specific,
        SpecificReportFileQuery: specific,
        OwnLogQuery: OwnLog(asking=asking, engine=kit.engine, opening=opening, key=keys),
        AlertsQuery: Alerts(asking=asking, engine=kit.engine),
        AlertCommand: Handling(asking=asking, engine=kit.engine),
        LogSearchQuery: Searching(asking=asking, engine=kit.engine, opening=opening),
        LogVerificationQuery: Verifying(
            asking=asking, engine=kit.engine, key=keys, witnesses=tuple(witnesses(kit.secrets, settings))
        ),
    }


async def _tidy(kit: Kit) -> None:
    """Forget, every hour, what was told on requests that can no longer be delivered again."""
    backoff = Backoff()
    while True:
        try:
            async with driver(kit.engine) as conn:
                forgotten = await telling.forget(conn, REDELIVERABLE)
        except Exception as error:
            if classify(error) != "transient":
                raise
            await backoff.wait()
        else:
            backoff.reset()
            kit.log.info("tidied", told=forgotten)
            await asyncio.sleep(TIDY_SECONDS)
