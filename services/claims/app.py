"""Wiring of the claims service: settings, replicas, handlers, one consumer, the outbox. No decisions.

| topic | function |
|---|---|
| claims.requests | `Handlers.on_requests` (registrations and questions about them), in batches |
| register.persons, .decisions, .payments, claims.kela | `Feed.on_records` (the books), in batches |
| agreements.events | `Replica`, in memory |
| audit.freshness | `AuditFreshness`, in memory |
"""

from typing import Final

from services.claims.allocating import Bookkeeper, accounts_of
from services.claims.asking import Asking
from services.claims.data_files import policy, protected_shares
from services.claims.events import Scribe
from services.claims.feed import Feed
from services.claims.handlers import Handlers
from shared.bus.topics import CLAIMS_KELA, CLAIMS_REQUESTS, REGISTER_DECISIONS, REGISTER_PAYMENTS, REGISTER_PERSONS
from shared.clock.system import system_now
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Kit
from shared.service import serve
from shared.settings import GateSettings

SERVICE = "claims"
REGISTER: Final = (REGISTER_PERSONS, REGISTER_DECISIONS, REGISTER_PAYMENTS, CLAIMS_KELA)


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
    secret = kit.secrets.key("seal-claim-rows-1")
    keeper = Bookkeeper(kit.ring, secret, protected_shares(), accounts_of(replica.directory))
    handlers = Handlers(
        scribe=Scribe(kit.ring, secret),
        ring=kit.ring,
        actor_key=kit.secrets.ed25519_public("actor"),
        asking=asking,
        policy=policy(),
        publish=kit.publisher.publish_many,
        reply=kit.replier.reply,
        now=system_now,
    )
    kit.consume(SERVICE, [CLAIMS_REQUESTS], handlers.on_requests)
    kit.consume("claims-register", REGISTER, Feed(kit.ring, keeper).on_records, pause=0.1)
    kit.relay_outbox()


if __name__ == "__main__":
    serve(SERVICE, compose, GateSettings)
