"""The audit process: one consumer that logs, one notary that signs. Wiring only.

Both are elected (a standby waits for each lock): the log has one writer, and a statement of freshness one
voice.
"""

import asyncio

from services.audit.cosigning import COSIGNING_CONSUMER, Cosigning
from services.audit.counting import COUNTS_CONSUMER, held_in
from services.audit.decoding import decode, on_conflict
from services.audit.ends import Ends
from services.audit.handlers import LogKeeper
from services.audit.hours import compare_hours
from services.audit.looking import answer_questions
from services.audit.notary import Notary
from services.audit.personal import Opener, PersonKeys
from services.audit.records import records_of
from services.audit.report_timers import make_reports
from services.audit.retention import erase_in_time
from services.audit.retracing import LogRefused, Retracing
from services.audit.sequence import SequenceTopic, Told
from services.audit.settings import AuditSettings, log_keys, signing_keys, witnesses
from services.audit.store import CONSUMER
from services.audit.supervising import watch
from shared.bus.consumer import Consumer
from shared.bus.topics import (
    ACCESS_EVENTS,
    AGREEMENTS_EVENTS,
    AUDIT_ALERTS,
    AUDIT_CHECKPOINTS,
    AUDIT_COSIGNATURES,
    BILLING_EVENTS,
    CLAIMS_EVENTS,
    COUNTS_ASKED,
)
from shared.clock.system import system_now
from shared.counted import on_counts_asked
from shared.kit import Kit
from shared.service import serve

LOGGED = (ACCESS_EVENTS, CLAIMS_EVENTS, BILLING_EVENTS, AGREEMENTS_EVENTS, AUDIT_ALERTS)
"""Everything that happened: looking, claiming, invoicing, who was allowed to, and what became of alerts about it."""


def compose(kit: Kit) -> None:
    """Put the service together."""
    settings = kit.settings
    if not isinstance(settings, AuditSettings):
        raise TypeError("audit is composed with its own settings")
    keeper = LogKeeper(Opener(kit.ring, kit.secrets.key("pseudonym")), PersonKeys(kit.ring), system_now, kit.log)
    servers = settings.kafka.split(",")
    told = SequenceTopic(servers, settings.log_origin, kit.log)
    retracing = Retracing(kit.engine, told, lambda: records_of(servers, LOGGED), keeper.append, kit.log)
    consumer = kit.consume(
        CONSUMER,
        LOGGED,
        keeper.append,
        decode=decode,
        on_conflict=on_conflict,
        leader="log",
        pause=0.1,
        before=lambda: _level(retracing, consumer),
    )
    kit.consume(COUNTS_CONSUMER, (COUNTS_ASKED,), on_counts_asked("audit", AUDIT_CHECKPOINTS, held_in))
    cosigning = Cosigning(
        log_keys(kit.secrets, settings.log_origin), witnesses(kit.secrets, settings), system_now, kit.log
    )
    kit.consume(COSIGNING_CONSUMER, (AUDIT_COSIGNATURES,), cosigning.on_cosignatures)
    kit.relay_outbox()
    answer_questions(kit, settings)
    watch(kit, settings, lambda: consumer.behind)
    make_reports(kit, LOGGED)
    compare_hours(kit, settings)
    erase_in_time(kit, settings)
    kit.background("notary", kit.led("notary", lambda: _notarise(kit, settings, told)))


async def _level(retracing: Retracing, consumer: Consumer) -> None:
    """Let nothing new into the log before this database holds what it held; never, when that is impossible."""
    try:
        await retracing.until_level()
    except LogRefused as error:
        await consumer.stop(str(error))
        await asyncio.Event().wait()


async def _notarise(kit: Kit, settings: AuditSettings, told: Told) -> None:
    ends = Ends(settings.kafka.split(","), LOGGED)
    notary = Notary(
        kit.engine, kit.publisher, ends, told, signing_keys(kit.secrets), settings.log_origin, kit.log, system_now
    )
    try:
        await notary.run(settings.checkpoint_seconds)
    finally:
        await ends.close()


if __name__ == "__main__":
    serve("audit", compose, AuditSettings)
