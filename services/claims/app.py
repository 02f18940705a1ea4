"""Wiring of the claims service: settings, replicas, handlers, one consumer, the outbox. No decisions.

| topic | function |
|---|---|
| claims.requests | `Handlers.on_requests` (registrations and questions about them), in batches |
| agreements.events | `Replica`, in memory |
| audit.freshness | `AuditFreshness`, in memory |
"""

from services.claims.asking import Asking
from services.claims.data_files import policy
from services.claims.events import Scribe
from services.claims.handlers import Handlers
from shared.bus.topics import CLAIMS_REQUESTS
from shared.clock.system import system_now
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Kit
from shared.service import serve
from shared.settings import GateSettings

SERVICE = "claims"


def compose(kit: Kit) -> None:
    """Put the service together."""
    settings = kit.settings
    if not isinstance(settings, GateSettings):
        raise TypeError("the claims service runs on GateSettings")
    replica, audit = Replica(kit), AuditFreshness(kit)
    asking = Asking(
        replica.directory,
        agreements_age=replica.age,
        audit_age=audit.age,
        key=kit.secrets.key("pseudonym"),
        limits=settings.limits,
    )
    handlers = Handlers(
        scribe=Scribe(kit.ring, kit.secrets.key("seal-claim-rows-1")),
        ring=kit.ring,
        actor_key=kit.secrets.ed25519_public("actor"),
        asking=asking,
        policy=policy(),
        publish=kit.publisher.publish_many,
        reply=kit.replier.reply,
        now=system_now,
    )
    kit.consume(SERVICE, [CLAIMS_REQUESTS], handlers.on_requests)
    kit.relay_outbox()


if __name__ == "__main__":
    serve(SERVICE, compose, GateSettings)
