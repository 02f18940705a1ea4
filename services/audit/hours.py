"""Wiring of comparing hours, in the one process that leads."""

from services.audit.completeness import Completeness
from services.audit.published import PublishedReader
from services.audit.settings import AuditSettings
from services.audit.store import CONSUMER
from shared.bus.topics import ACCESS_EVENTS, CLAIMS_EVENTS
from shared.clock.system import system_now
from shared.kit import Kit


def compare_hours(kit: Kit, settings: AuditSettings) -> None:
    """Let the process that leads compare closed hours; a gap is told on /ready, which stays ready."""
    reader = PublishedReader(settings.kafka, (ACCESS_EVENTS, CLAIMS_EVENTS), kit.engine, kit.clock.now, kit.log)
    comparing = Completeness(
        engine=kit.engine,
        read=reader.read,
        business=kit.clock.now,
        system=system_now,
        log=kit.log,
        consumer=CONSUMER,
    )
    kit.notice("completeness", comparing.alarm)
    kit.background("hours", kit.led("hours", lambda: comparing.for_ever(settings.completeness_seconds)))
