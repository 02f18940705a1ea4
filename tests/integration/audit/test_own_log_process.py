"""The audit service as it runs: a look shows in the citizen's log within two seconds, asked over Kafka."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import structlog

from deploy.local.secret_files import grant_secrets
from shared.bus.client import BusClient, Question
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.publisher import Publisher
from shared.bus.sealing import KeyRing
from shared.bus.subscribing import make_broker
from shared.bus.topics import AGREEMENTS_EVENTS, AUDIT_REQUESTS
from shared.clock.system import system_now
from shared.contracts.agreements import Heartbeat
from shared.contracts.answers import Answer, OwnLogPage
from shared.contracts.asking import OwnLogQuery
from shared.ids import event_id
from shared.secrets import TABLE, Secrets
from shared.settings import Settings
from tests.harness.consuming import until
from tests.integration.audit.looks import CITIZEN, asked, look
from tests.integration.audit.test_audit_process import TAKEOVER, audit_process
from tests.integration.audit.world import give_secrets

WITHIN = 2.0
LOG = structlog.get_logger("test")


@asynccontextmanager
async def asking(kafka: str, database: str, secrets: Secrets) -> AsyncIterator[tuple[BusClient, Publisher]]:
    """A gateway's side of the bus, reading replies; and a publisher."""
    settings = Settings(service="gateway", kafka=kafka, database=database, secrets=secrets.directory)
    broker = make_broker(settings, LOG)
    await broker.connect()
    publisher = Publisher(broker, settings.request_timeout_ms)
    bus = BusClient(kafka, publisher, KeyRing(secrets.seal_keys()), secrets.ed25519_private("actor"), LOG)
    reading = asyncio.create_task(bus.read_for_ever())
    try:
        await bus.listening.wait()
        yield bus, publisher
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        await broker.stop()


async def beat(publisher: Publisher) -> None:
    """The agreements service is alive."""
    now = system_now()
    id_ = event_id("test-heartbeat", str(uuid4()))
    await publisher.publish(
        Outgoing.of(AGREEMENTS_EVENTS, "heartbeat", id_, Heartbeat(at=now), source="agreements", time=now)
    )


async def ask(bus: BusClient, person: str) -> Answer:
    """The person's log, as their gateway asks for it."""
    request = asked(OwnLogQuery(), person)
    assert request.actor is not None
    actor = request.actor.model_copy(update={"expires": system_now() + timedelta(minutes=1)})
    question = Question(AUDIT_REQUESTS, request.id, str(request.id), actor, request.body, system_now())
    return await bus.ask(question, 10)


@pytest.mark.timeout(120)
async def test_a_look_shows_in_the_citizens_log_within_two_seconds(kafka: str, database: str, tmp_path: Path) -> None:
    await provision(kafka)
    held = give_secrets(tmp_path)
    grant_secrets(tmp_path / "all", tmp_path / "gateway", "gateway", TABLE)
    environment = {
        "KELMU_KAFKA": kafka,
        "KELMU_DATABASE": database,
        "KELMU_SECRETS": str(held.directory),
        "KELMU_LOG_ORIGIN": "log.kelmu.views",
        "KELMU_ARTIFICIAL_CODES": "true",
    }
    ring, now = KeyRing(held.seal_keys()), system_now()
    async with (
        asking(kafka, database, Secrets(tmp_path / "gateway")) as (bus, publisher),
        audit_process(environment),
    ):
        await beat(publisher)

        async def page() -> OwnLogPage | None:
            answer = await ask(bus, CITIZEN)
            return answer if isinstance(answer, OwnLogPage) else None

        # given a citizen who may read the log already, and a look that is acknowledged
        await until(page, lambda found: found is not None, TAKEOVER)
        event = look(ring=ring, time=now)
        await publisher.publish(event)
        acknowledged = time.monotonic()

        # then it is shown, with its proof, in time
        def proven(found: OwnLogPage | None) -> bool:
            return found is not None and any(row.event == event.id and row.proof for row in found.rows)

        await until(page, proven, TAKEOVER)
        assert time.monotonic() - acknowledged <= WITHIN
