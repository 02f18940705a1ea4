"""A gateway as a process of its own, with the development sign-in, and a stand-in for the services it asks."""

import asyncio
import hashlib
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
from shared.bus.topic import Topic
from shared.bus.topics import AGREEMENTS_EVENTS, AGREEMENTS_REQUESTS, LOOKUP_REQUESTS
from shared.contracts.agreements import (
    InterfaceClient,
    MandateChanged,
    Member,
    OrganisationChanged,
)
from shared.contracts.answers import Answer, ChangesDone, Failed, NothingFound
from shared.contracts.asking import PersonQuery, UserSeen
from shared.contracts.base import Channel, Contract, DataGroup, Purpose, Role, Validity
from shared.ids import event_id, pseudonym
from shared.secrets import TABLE, Secrets
from shared.settings import Settings
from tests.harness.agreed import agreed
from tests.harness.consuming import until
from tests.harness.probing import status_of

SARI, CLIENT, ABSENT = "010180-9015", "010180Y9026", "150616B903S"
LEENA, TOKEN = "140375-9050", "token-of-the-system-of-tampere"
TAMPERE = "0211675-2"
PEOPLE = (("Virtanen Sari", SARI), ("Laine Leena", LEENA))
LOG = structlog.get_logger("test")


@pytest.fixture(scope="session")
def migrated_for() -> str:
    return "gateway"


@dataclass(frozen=True)
class Running:
    """A gateway process, and where its log goes."""

    url: str
    log: Path
    asked: list[Request]
    kafka: str

    @asynccontextmanager
    async def signed_in(self, person: str = "Virtanen Sari") -> AsyncIterator[GatewayClient]:
        async with GatewayClient(self.url) as client:
            await client.sign_in(person)
            yield client

    async def ready(self) -> bool:
        return await status_of(f"{self.url}/ready") == 200


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


def agreements(key: bytes) -> tuple[Contract, ...]:
    """Tampere, its agreement with one system, its worker Sari and its log supervisor Leena."""
    validity = Validity(first=date(2016, 1, 1))
    system = InterfaceClient(
        id="effica",
        token_sha256=hashlib.sha256(TOKEN.encode()).hexdigest(),
        roles=(Role.VIEWER,),
        validity=validity,
    )
    return (
        OrganisationChanged(
            business_id=TAMPERE,
            version=1,
            kind="municipality",
            municipality="837",
            name_fi="Tampereen kaupunki",
            name_sv="Tammerfors stad",
        ),
        agreed(
            id="A-gateway-test",
            party=TAMPERE,
            validity=validity,
            purposes=(Purpose.VERIFY,),
            data_groups=(DataGroup.PENDING,),
            channels=(Channel.UI, Channel.INTERFACE),
            members=(Member(municipality="837", validity=validity),),
            interface_clients=(system,),
            interface_per_minute=1000,
        ),
        *(
            MandateChanged(
                id=f"M-gateway-test-{number}",
                version=1,
                worker=pseudonym(key, "worker", worker),
                organisation=TAMPERE,
                member="837",
                roles=roles,
                validity=validity,
            )
            for number, (worker, roles) in enumerate(
                ((SARI, (Role.VIEWER, Role.FEE_CLERK)), (LEENA, (Role.LOG_SUPERVISOR,)))
            )
        ),
    )


async def publish(kafka: str, topic: Topic, *events: Contract) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka, acks="all")
    await producer.start()
    try:
        for event in events:
            id_ = event_id("gateway-test", event.ce_type, event.model_dump_json())
            message = Outgoing.of(topic, "k", id_, event, source=topic.owner[0], time=datetime(2016, 1, 1, tzinfo=UTC))
            headers = [(name, value.encode()) for name, value in message.headers().items()]
            await producer.send_and_wait(message.topic, message.body, key=message.key, headers=headers)
    finally:
        await producer.stop()


@asynccontextmanager
async def stand_in(kafka: str, database: str, folder: Path, asked: list[Request]) -> AsyncIterator[None]:
    """Answers look-ups like a service that knows nobody, and sign-ins; one code makes it hold its tongue."""
    over = asyncio.Event()

    async def answer(request: Request) -> Answer:
        if isinstance(request.body, UserSeen):
            return ChangesDone(changed=1, unchanged=0)
        asked.append(request)
        if not isinstance(request.body, PersonQuery) or request.actor is None:
            return Failed(code="stand-in", reason="not a look-up of anybody", retry=False)
        if request.body.identity_code == ABSENT:
            await over.wait()
        return NothingFound(looked_up=request.accepted, access_event=request.id)

    settings = Settings(service="lookup", kafka=kafka, database=database, secrets=folder / "lookup")
    engine = create_async_engine(make_url(database).set(drivername="postgresql+asyncpg"))
    broker = make_broker(settings, LOG)
    replier = Replier(Publisher(broker, 5000), "lookup", LOG)
    await broker.connect()
    loops = []
    for topic in (LOOKUP_REQUESTS, AGREEMENTS_REQUESTS):
        name = f"gateway-test-{topic.name}"
        keys = Secrets(folder / topic.consumers[0])
        ring, actor_key = KeyRing(keys.seal_keys()), keys.ed25519_public("actor")
        loop = QueryLoop(name, engine, answer, replier, ring, actor_key, LOG)
        subscription = subscribe_singles(broker, topic, name, loop.on_record, loop)
        loop.bind(subscription.client)
        await subscription.start()
        loops.append(loop)
    try:
        yield
    finally:
        over.set()
        for loop in loops:
            await loop.close()
        await broker.stop()
        await engine.dispose()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def running(kafka: str, module_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("gateway")
    ensure_secrets(folder / "all", [(row.name, row.kind) for row in TABLE])
    for holder in ("gateway", "devidp", "lookup", "agreements"):
        grant_secrets(folder / "all", folder / holder, holder, TABLE)
    await provision(kafka)
    await publish(kafka, AGREEMENTS_EVENTS, *agreements(Secrets(folder / "gateway").key("pseudonym")))
    people = folder / "people.json"
    people.write_text(json.dumps([{"name": name, "identity_code": code} for name, code in PEOPLE]))
    port, provider = free_port(), free_port()
    asked: list[Request] = []
    async with (
        stand_in(kafka, module_database, folder, asked),
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
        gateway = Running(f"http://127.0.0.1:{port}", folder / "gateway.log", asked, kafka)
        await until(gateway.ready, bool, 40.0)
        yield gateway
