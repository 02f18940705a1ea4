"""What happens when something that a decision rests on goes silent, and when somebody forges a request.

These refusals cannot be met by asking oddly; the story stops a process for some seconds, or plays the intruder.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.demo.live import TAMPERE, Desk
from deploy.demo.loading import publish_all
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.stage import Stage, until
from shared.bus.client import BusClient, Question
from shared.bus.publisher import Publisher
from shared.bus.sealing import KeyRing
from shared.bus.topics import LOOKUP_REQUESTS
from shared.clock.system import system_now
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Channel, Purpose, Role
from shared.contracts.requests import Actor

if TYPE_CHECKING:
    from deploy.demo.client import Reply


@contextmanager
def frozen(stage: Stage, service: str) -> Iterator[None]:
    """A process stands still for a while, as if its machine hung; its connections stay open."""
    pid = stage.stack.pid(service)
    if pid is None:
        raise DemonstrationFailed(f"{service} is not running")
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def refused_by(desk: Desk, rule: str) -> None:
    """Ask until the rule refuses: what it rests on is growing old."""
    replies: list[Reply] = []

    async def refused() -> bool:
        client = await desk.sign_in("tampere")
        began = time.perf_counter()
        replies.append(await client.look_up(desk.clients.next(TAMPERE)[0], purpose="VERIFY"))
        if replies[-1].body.get("rule") == rule:
            desk.note("look-up", "tampere", "before", replies[-1], began)
            return True
        return False

    await until(f"a refusal by {rule}", refused, 60)


async def granted_again(desk: Desk) -> None:
    """Ask until data is shown again."""

    async def granted() -> bool:
        client = await desk.sign_in("tampere")
        reply = await client.look_up(desk.clients.next(TAMPERE)[0], purpose="VERIFY")
        return reply.status == HTTPStatus.OK

    await until("a look-up after the stop", granted, 60)


async def too_old(desk: Desk) -> None:
    """The worker who signed in at the beginning comes back."""
    client = desk.forgotten
    if client is None:
        raise DemonstrationFailed("nobody signed in at the beginning")

    async def refused() -> bool:
        began = time.perf_counter()
        reply = await client.look_up(desk.clients.next()[0], purpose="VERIFY")
        if reply.body.get("rule") == "session_age":
            desk.note("look-up", "viewer", "after", reply, began)
            return True
        return False

    await until("a refusal by session_age", refused, 90)


async def intruder(stage: Stage, client: str) -> None:
    """Somebody who can write to lookup's topic, and even seal, but has not the gateway's signature."""
    id_ = uuid4()
    actor = Actor(
        request=id_,
        expires=system_now() + timedelta(minutes=1),
        identity_code="010180-9015",
        name="Intruder",
        signed_in=system_now(),
        organisation="0211675-2",
        member="837",
        roles=(Role.VIEWER,),
        channel=Channel.UI,
    )
    body = PersonQuery(identity_code=client, purpose=Purpose.VERIFY, informed=True)
    question = Question(LOOKUP_REQUESTS, id_, str(id_), actor, body, stage.clock.now())
    forger = BusClient(
        stage.stack.kafka,
        _NoPublisher(),
        KeyRing(stage.secrets.seal_keys()),
        Ed25519PrivateKey.generate(),
        structlog.get_logger("demo"),
    )
    await publish_all(stage.stack.kafka, [forger.message(question, os.urandom(32), 60)])


class _NoPublisher(Publisher):
    """The forger publishes by itself."""

    def __init__(self) -> None:
        """Nothing to connect to."""
