"""A gateway as a process of its own, with the development sign-in, and a stand-in for the services it asks."""

import asyncio
import json
import os
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
import structlog
from aiokafka import AIOKafkaProducer
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.demo.client import GatewayClient
from deploy.local.secret_files import ensure_secrets, grant_secrets
from shared.bus.messages import Outgoing
from shared.bus.provision import provision
from shared.bus.publisher import Publisher
from shared.bus.requests import QueryLoop, Replier, Request
from shared.bus.sealing import KeyRing
from shared.bus.subscribing import make_broker, subscribe_singles
from shared.bus.topics import AGREEMENTS_EVENTS, LOOKUP_REQUESTS
from shared.contracts.agreements import MandateChanged, OrganisationChanged
from shared.contracts.answers import Answer, Failed, NothingFound
from shared.contracts.asking import PersonQuery
from shared.contracts.base import Contract, Role, Validity
from shared.database.migrate import upgrade
from shared.ids import event_id, pseudonym
from shared.secrets import TABLE, Secrets
from shared.settings import Settings
from tests.harness.consuming import create_bus_tables, until

SARI, CLIENT, ABSENT = "010180-9015", "010180Y9026", "150616B903S"
LOG = structlog.get_logger("test")


@dataclass(frozen=True)
class Running:
    """A gateway process, and where its log goes."""

    url: str
    log: Path
    asked: list[Request]

    @asynccontextmanager
    async def signed_in(self) -> AsyncIterator[GatewayClient]:
        async with GatewayClient(self.url) as client:
            await client.sign_in("Virtanen Sari")
            yield client

    async def ready(self) -> bool:
        async with httpx.AsyncClient() as http:
            with suppress(httpx.HTTPError):
                return (await http.get(f"{self.url}/ready")).status_code == 200
        return False


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@asynccontextmanager
async def process(module: str, log: Path, **environment: str) -> AsyncIterator[Process]:
    with log.open("wb") as output:
        started = await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, env={**os.environ, **environment}, stdout=output, stderr=output
        )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            started.terminate()
        await started.wait()


async def publish_agreements(kafka: str, key: bytes) -> None:
    validity = Validity(first=date(2016, 1, 1))
    events: tuple[Contract, ...] = (
        OrganisationChanged(
            business_id="0211675-2",
            version=1,
            kind="municipality",
            municipality="837",
            name_fi="Tampereen kaupunki",
            name_sv="Tammerfors stad",
        ),
        MandateChanged(
            id="M-gateway-test",
            version=1,
            worker=pseudonym(key, "worker", SARI),
            organisation="0211675-2",
            member="837",
            roles=(Role.VIEWER, Role.FEE_CLERK),
            validity=validity,
        ),
    )
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        for event in events:
            id_ = event_id("gateway-test", event.ce_type)
            message = Outgoing.of(
                AGREEMENTS_EVENTS, "k", id_, event, source="agreements", time=datetime(2016, 1, 1, tzinfo=UTC)
            )
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            await producer.send_and_wait(message.topic, message.body, key=message.key, headers=headers)
    finally:
        await producer.stop()


@asynccontextmanager
async def stand_in(kafka: str, database: str, secrets: Path, asked: list[Request]) -> AsyncIterator[None]:
    """Answers look-ups like a service that knows nobody; one code makes it hold its tongue."""

    async def answer(request: Request) -> Answer:
        asked.append(request)
        if not isinstance(request.body, PersonQuery) or request.actor is None:
            return Failed(code="stand-in", reason="not a look-up of anybody", retry=False)
        if request.body.identity_code == ABSENT:
            await asyncio.sleep(3)
        return NothingFound(looked_up=request.accepted, access_event=request.id)

    settings = Settings(service="lookup", kafka=kafka, database=database, secrets=secrets)
    engine = create_async_engine(make_url(database).set(drivername="postgresql+asyncpg"))
    await create_bus_tables(engine)
    broker = make_broker(settings, LOG)
    keys = Secrets(secrets)
    loop = QueryLoop(
        "stand-in",
        engine,
        answer,
        Replier(Publisher(broker, 5000), "lookup", LOG),
        KeyRing(keys.seal_keys()),
        keys.ed25519_public("actor"),
        LOG,
    )
    subscription = subscribe_singles(broker, LOOKUP_REQUESTS, "gateway-test-stand-in", loop.on_record, loop)
    loop.bind(subscription.client)
    await broker.connect()
    await subscription.start()
    try:
        yield
    finally:
        await loop.close()
        await broker.stop()
        await engine.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("gateway")
    ensure_secrets(folder / "all", [(row.name, row.kind) for row in TABLE])
    for holder in ("gateway", "devidp", "lookup"):
        grant_secrets(folder / "all", folder / holder, holder, TABLE)
    await upgrade("gateway", make_url(module_database).set(drivername="postgresql+asyncpg"))
    await provision(kafka)
    await publish_agreements(kafka, Secrets(folder / "gateway").key("pseudonym"))
    people = folder / "people.json"
    people.write_text(json.dumps([{"name": "Virtanen Sari", "identity_code": SARI}]))
    port, provider = free_port(), free_port()
    asked: list[Request] = []
    async with (
        stand_in(kafka, module_database, folder / "lookup", asked),
        process(
            "deploy.devidp",
            folder / "devidp.log",
            KELMU_DEVIDP_ISSUER=f"http://127.0.0.1:{provider}",
            KELMU_DEVIDP_USERS=str(people),
            KELMU_DEVIDP_SECRETS=str(folder / "devidp"),
            KELMU_DEVIDP_PORT=str(provider),
            KELMU_DEVIDP_REDIRECT_URIS=f"http://127.0.0.1:{port}/sign-in/callback",
        ),
        process(
            "services.gateway.app",
            folder / "gateway.log",
            KELMU_KAFKA=kafka,
            KELMU_DATABASE=module_database,
            KELMU_SECRETS=str(folder / "gateway"),
            KELMU_HTTP_PORT=str(port),
            KELMU_PUBLIC_URL=f"http://127.0.0.1:{port}",
            KELMU_OIDC_ISSUER=f"http://127.0.0.1:{provider}",
            KELMU_COOKIE_SECURE="false",
            KELMU_LOOK_UP_SECONDS="2",
            KELMU_CLAIM_SECONDS="1",
            KELMU_REQUEST_TIMEOUT_MS="2000",
        ),
    ):
        gateway = Running(f"http://127.0.0.1:{port}", folder / "gateway.log", asked)
        await until(gateway.ready, bool, 40.0)
        yield gateway
