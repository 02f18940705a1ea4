"""Wiring of the agreements process: publish what was accepted, and a heartbeat."""

from functools import partial

from services.agreements import store
from services.agreements.heartbeat import Heart
from shared.kit import Kit


def compose(kit: Kit) -> None:
    """Put the process together."""
    heart = Heart(kit.publisher, partial(store.oldest_unsent, kit.engine), kit.log)
    kit.relay_outbox()
    kit.background("heartbeat", heart.beat_for_ever)
    kit.ready("heartbeat", heart.trouble)


if __name__ == "__main__":
    from shared.service import serve

    serve(store.SERVICE, compose)
