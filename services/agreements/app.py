"""Wiring of the agreements process: requests, what was accepted is published, a heartbeat, idle accounts.

| topic | function |
|---|---|
| agreements.requests | `Handlers.on_requests`, in batches |
"""

from functools import partial

from services.agreements import store
from services.agreements.asking import Asking
from services.agreements.handlers import Handlers
from services.agreements.heartbeat import Heart
from services.agreements.idling import IdleLock
from shared.bus.topics import AGREEMENTS_REQUESTS
from shared.clock.system import system_now
from shared.kit import Kit
from shared.settings import GateSettings


def compose(kit: Kit) -> None:
    """Put the process together."""
    settings = kit.settings
    if not isinstance(settings, GateSettings):
        raise TypeError("the agreements service runs on GateSettings")
    heart = Heart(kit.publisher, partial(store.oldest_unsent, kit.engine), kit.log)
    handlers = Handlers(
        ring=kit.ring,
        actor_key=kit.secrets.ed25519_public("actor"),
        asking=Asking(kit.secrets.key("pseudonym"), settings.limits),
        reply=kit.replier.reply,
        now=system_now,
        log=kit.log,
    )
    kit.consume(store.SERVICE, [AGREEMENTS_REQUESTS], handlers.on_requests)
    kit.relay_outbox()
    kit.background("heartbeat", heart.beat_for_ever)
    kit.ready("heartbeat", heart.trouble)
    kit.background("idle accounts", kit.led("idle accounts", IdleLock(kit.engine, kit.clock.now, kit.log).for_ever))


if __name__ == "__main__":
    from shared.service import serve

    serve(store.SERVICE, compose, GateSettings)
