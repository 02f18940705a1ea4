"""The audit process: one consumer that logs, one notary that signs. Wiring only.

Both are elected (a standby waits for each lock): the log has one writer, and a statement of freshness one
voice.
"""

from services.audit.counting import COUNTS_CONSUMER, held_in
from services.audit.decoding import decode, on_conflict
from services.audit.ends import Ends
from services.audit.handlers import LogKeeper
from services.audit.notary import Notary
from services.audit.personal import Opener, PersonKeys
from services.audit.settings import AuditSettings
from services.audit.store import CONSUMER
from shared.bus.topics import (
    ACCESS_EVENTS,
    AGREEMENTS_EVENTS,
    AUDIT_CHECKPOINTS,
    BILLING_EVENTS,
    CLAIMS_EVENTS,
    COUNTS_ASKED,
)
from shared.clock.system import system_now
from shared.counted import on_counts_asked
from shared.kit import Kit
from shared.service import serve

LOGGED = (ACCESS_EVENTS, CLAIMS_EVENTS, BILLING_EVENTS, AGREEMENTS_EVENTS)
"""Everything that happened: looking, claiming, invoicing, and who was allowed to."""


def compose(kit: Kit) -> None:
    """Put the service together."""
    keeper = LogKeeper(Opener(kit.ring, kit.secrets.key("pseudonym")), PersonKeys(kit.ring), system_now, kit.log)
    kit.consume(CONSUMER, LOGGED, keeper.append, decode=decode, on_conflict=on_conflict, leader="log", pause=0.1)
    kit.consume(COUNTS_CONSUMER, (COUNTS_ASKED,), on_counts_asked("audit", AUDIT_CHECKPOINTS, held_in))
    kit.relay_outbox()
    kit.background("notary", kit.led("notary", lambda: _notarise(kit)))


async def _notarise(kit: Kit) -> None:
    settings = kit.settings
    if not isinstance(settings, AuditSettings):
        raise TypeError("audit is composed with its own settings")
    ends = Ends(settings.kafka.split(","), LOGGED)
    notary = Notary(
        kit.engine, kit.publisher, ends, kit.secrets.ed25519_private("log"), settings.log_origin, kit.log, system_now
    )
    try:
        await notary.run(settings.checkpoint_seconds)
    finally:
        await ends.close()


if __name__ == "__main__":
    serve("audit", compose, AuditSettings)
