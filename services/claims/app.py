"""Wiring of the claims service: settings, replicas, handlers, one consumer, the outbox. No decisions.

| topic | function |
|---|---|
| claims.requests | `Requests.on_requests` (each body to its desk), in batches |
| register.persons, .decisions, .payments, claims.kela | `Feed.on_records` (the books), in batches |
| agreements.events | `Replica`, in memory |
| audit.freshness | `AuditFreshness`, in memory |
"""

from typing import Final

from services.claims.allocating import Bookkeeper
from services.claims.asking import Asking
from services.claims.bearing import Bearing
from services.claims.data_files import dry_run_thresholds, policy, protected_shares
from services.claims.desks.acting import Acting
from services.claims.desks.asking_claims import AskingClaims
from services.claims.desks.bounded import Bounded
from services.claims.desks.dry_running import DryRun
from services.claims.desks.handing_over import HandingOver
from services.claims.desks.kela_claims import KelaClaims
from services.claims.desks.receipts import Receipts
from services.claims.desks.registering import Judging, Registering, Tables
from services.claims.desks.stepping import Stepping
from services.claims.events import Scribe
from services.claims.feed import Feed
from services.claims.requests import Requests
from services.claims.store.counts import held_in_hour
from services.claims.timers import Timers
from shared.bus.topics import (
    CLAIMS_EVENTS,
    CLAIMS_KELA,
    CLAIMS_REQUESTS,
    COUNTS_ASKED,
    REGISTER_DECISIONS,
    REGISTER_PAYMENTS,
    REGISTER_PERSONS,
)
from shared.clock.system import system_now
from shared.contracts.asking import (
    ClaimCommand,
    ClaimQuery,
    ClaimsQuery,
    ClaimStatusQuery,
    HandOverClaims,
    RegisterClaim,
    RegisterKelaClaim,
    SettlementsQuery,
    ValidateClaim,
)
from shared.counted import on_hours_asked
from shared.directory.freshness import AuditFreshness
from shared.directory.replica import Replica
from shared.kit import Kit
from shared.service import serve
from shared.settings import GateSettings

SERVICE: Final = "claims"
ROW_KEY: Final = "seal-claim-rows-1"
"""The secret that claims alone hold, from which numbers and salts follow."""
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
    secret = kit.secrets.key(ROW_KEY)
    bearing = Bearing(replica.directory)
    keeper = Bookkeeper(kit.ring, secret, protected_shares(), bearing.borne)
    scribe = Scribe(kit.ring, secret)
    judging = Judging(Tables(policy(), protected_shares()))
    receipts = Receipts(asking=asking, scribe=scribe, now=system_now)
    stepping = Stepping(ring=kit.ring, scribe=scribe, rebook=keeper.rebook)
    questions = AskingClaims(asking=asking, scribe=scribe, bearing=bearing, stepping=stepping, now=system_now)
    feed = Feed(kit.ring, keeper)
    requests = Requests(
        ring=kit.ring,
        actor_key=kit.secrets.ed25519_public("actor"),
        desks={
            RegisterClaim: Registering(
                asking=asking,
                judging=judging,
                scribe=scribe,
                receipts=receipts,
                rebook=keeper.rebook,
                thresholds=dry_run_thresholds(),
            ),
            ValidateClaim: Bounded(
                DryRun(asking=asking, judging=judging, scribe=scribe, now=system_now),
                thresholds=dry_run_thresholds(),
                scribe=scribe,
                now=system_now,
            ),
            ClaimStatusQuery: receipts,
            ClaimCommand: Acting(asking=asking, scribe=scribe, bearing=bearing, keeper=keeper, stepping=stepping),
            HandOverClaims: HandingOver(asking=asking, scribe=scribe, bearing=bearing, stepping=stepping),
            RegisterKelaClaim: KelaClaims(asking=asking, scribe=scribe, keeper=keeper, feed=feed),
            ClaimQuery: questions,
            ClaimsQuery: questions,
            SettlementsQuery: questions,
        },
        scribe=scribe,
        publish=kit.publisher.publish_many,
        reply=kit.replier.reply,
        now=system_now,
        log=kit.log,
    )
    kit.consume(SERVICE, [CLAIMS_REQUESTS], requests.on_requests)
    kit.consume("claims-register", REGISTER, feed.on_records, pause=0.1)
    timers = Timers(
        engine=kit.engine,
        now=kit.clock.now,
        bearing=bearing,
        scribe=scribe,
        stepping=stepping,
        rebook=keeper.rebook,
        log=kit.log,
    )
    kit.background("timers", kit.led("timers", timers.for_ever))
    kit.consume("claims-counts", (COUNTS_ASKED,), on_hours_asked(SERVICE, CLAIMS_EVENTS, held_in_hour))
    kit.relay_outbox()


if __name__ == "__main__":
    serve(SERVICE, compose, GateSettings)
