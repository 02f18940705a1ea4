"""A gateway in memory: real application, real development provider, fake bus and fake session table."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from deploy.demo.client import GatewayClient
from deploy.devidp.app import create_app as create_provider
from deploy.devidp.provider import Provider
from deploy.devidp.users import User
from services.gateway.desk import Desk
from services.gateway.inquiring import Inquirer
from services.gateway.keeping import NewsBoard
from services.gateway.keys import SessionKeys
from services.gateway.names import Names
from services.gateway.oidc import Oidc
from services.gateway.overrides import Overrides
from services.gateway.parts import Parts
from services.gateway.sessions import Identity, Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.web import create_app
from shared.bus.client import Question
from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    InterfaceClient,
    MandateChanged,
    Member,
)
from shared.contracts.asking import PersonQuery, RegisterClaim
from shared.contracts.base import Channel, DataGroup, Purpose, Role, Validity
from shared.directory.model import Directory
from shared.ids import pseudonym
from tests.component.gateway.announced import FakeAnnouncements, FakeFaults
from tests.component.gateway.fakes import (
    Clocks,
    FakeAgreements,
    FakeAlerts,
    FakeBeginnings,
    FakeBus,
    FakePace,
    FakeStore,
)
from tests.harness.agreed import agreed, organisation

GATEWAY, PROVIDER = "http://gateway.test", "http://idp.test"
KEY = b"p" * 32
TAMPERE, KUOPIO_BODY = "0211675-2", "0171450-7"
SARI, CLIENT = "010180-9015", "010180Y9026"
VILLE, LEENA = "150616B903S", "140375-9050"
JORMA = LEENA
"""Kela's claim handler, in the tests that need one; an artificial code of its own is not needed."""
EVENT = UUID("6b0b3c1e-5d0c-4a55-9f5c-2f1a3a0f9f11")
TOKEN, OLD_TOKEN = "token-of-the-system-of-tampere", "token-that-ended-in-june-2016"
FINGERPRINT = "ab" * 32
ALWAYS = Validity(first=date(2016, 1, 1))


@dataclass
class Gateway:
    """Everything a test may look at or move."""

    app: FastAPI
    parts: Parts
    bus: FakeBus
    store: FakeStore
    clocks: Clocks
    agreements: FakeAgreements
    beginnings: FakeBeginnings
    alerts: FakeAlerts
    pace: FakePace
    provider: Provider
    transport: httpx.AsyncBaseTransport
    fresh: Callable[[], httpx.AsyncClient]

    async def sign_in(self, browser: httpx.AsyncClient, code: str, name: str) -> None:
        """A new session in the browser, by the application itself, without going through the provider."""
        identity = Identity(name=name, identity_code=code, signed_in=self.clocks.system)
        token = await self.parts.sessions.open(identity)
        browser.cookies.set(self.parts.session_cookie, token, domain="gateway.test", path="/")

    @asynccontextmanager
    async def browser_of(self, code: str, name: str) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which the person is signed in."""
        async with self.fresh() as browser:
            browser.base_url = httpx.URL(GATEWAY)
            await self.sign_in(browser, code, name)
            yield browser

    @asynccontextmanager
    async def signed_in(self, person: str = "Virtanen Sari") -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which the person has signed in."""
        async with self.fresh() as browser:
            await GatewayClient(GATEWAY, browser).sign_in(person)
            browser.base_url = httpx.URL(GATEWAY)
            yield browser


def mandate(worker: str, business_id: str, member: str, *roles: Role) -> MandateChanged:
    return MandateChanged(
        id=f"M-{worker[-4:]}-{business_id}-{member}",
        version=1,
        worker=pseudonym(KEY, "worker", worker),
        organisation=business_id,
        member=member,
        roles=roles,
        validity=ALWAYS,
    )


def agreement() -> AgreementChanged:
    return agreed(
        id="A-TAMPERE",
        party=TAMPERE,
        validity=ALWAYS,
        purposes=(Purpose.VERIFY,),
        data_groups=(DataGroup.PENDING,),
        channels=(Channel.UI, Channel.INTERFACE),
        members=(Member(municipality="837", validity=ALWAYS),),
        interface_clients=(
            InterfaceClient(
                id="effica",
                token_sha256=hashlib.sha256(TOKEN.encode()).hexdigest(),
                certificate_sha256=FINGERPRINT,
                roles=(Role.VIEWER,),
                validity=ALWAYS,
            ),
            InterfaceClient(
                id="old-system",
                token_sha256=hashlib.sha256(OLD_TOKEN.encode()).hexdigest(),
                roles=(Role.VIEWER,),
                validity=Validity(first=date(2016, 1, 1), last=date(2016, 6, 30)),
            ),
        ),
        interface_per_minute=3,
        accounts=(
            Account(id="main", iban="FI2112345600000785", confirmed=True),
            Account(id="new", iban="FI5410093000123458", confirmed=False),
        ),
    )


def directory() -> Directory:
    kaj = "290200A950Y"
    return Directory(
        [
            organisation(TAMPERE, "Tampereen kaupunki", "837"),
            organisation(KUOPIO_BODY, "Pohjois-Savon kuntayhtymä", None),
            organisation("0206868-3", "Kuopion kaupunki", "297"),
            agreement(),
            mandate(SARI, TAMPERE, "837", Role.VIEWER, Role.FEE_CLERK),
            mandate(VILLE, TAMPERE, "837", Role.NOTICE_HANDLER, Role.LABOUR_MARKET_HANDLER),
            mandate(LEENA, TAMPERE, "837", Role.LOG_SUPERVISOR),
            mandate(kaj, KUOPIO_BODY, "297", Role.VIEWER),
            mandate(kaj, KUOPIO_BODY, "174", Role.VIEWER),
        ]
    )


USERS = (
    User(name="Virtanen Sari", identity_code=SARI),
    User(name="Lindqvist Kaj", identity_code="290200A950Y"),
    User(name="Outo Olli", identity_code="310323F999K", organisation=TAMPERE),
    User(name="alitunniste 7", identity_code=None, organisation=TAMPERE),
)


_APPLICATIONS: list[FastAPI] = []


def _application(parts: Parts) -> FastAPI:
    """One application for all tests, each with its own parts: routes are the same and slow to build."""
    if not _APPLICATIONS:
        _APPLICATIONS.append(create_app(parts, structlog.stdlib.get_logger("gateway-test")))
    return _APPLICATIONS[0]


def make_gateway(folder: Path) -> Gateway:
    """A gateway with its surroundings; `folder` is any directory."""
    clocks, bus, store, agreements = Clocks(), FakeBus(), FakeStore(), FakeAgreements(directory())
    beginnings, alerts, pace = FakeBeginnings(), FakeAlerts(), FakePace()
    settings = GatewaySettings(
        service="gateway",
        kafka="127.0.0.1:9092",
        database="postgresql://127.0.0.1/kelmu_gateway",
        secrets=folder,
        public_url=GATEWAY,
        oidc_issuer=PROVIDER,
        cookie_secure=False,
    )
    provider = Provider(
        issuer=PROVIDER,
        client_id="kelmu-gateway",
        client_secret="p:4% &ssword",
        redirect_uris=frozenset({f"{GATEWAY}/sign-in/callback"}),
        key=OKPKey.import_key(Ed25519PrivateKey.generate()),
        now=clocks.system_now,
    )
    to_provider = httpx.ASGITransport(create_provider(provider, {user.name: user for user in USERS}))
    keys = SessionKeys.derive(b"s" * 32)
    parts = Parts(
        settings=settings,
        sessions=Sessions(store, keys, settings.idle, settings.life, clocks.system_now),
        keys=keys,
        oidc=Oidc(
            issuer=PROVIDER,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            redirect_uri=f"{GATEWAY}/sign-in/callback",
            http=httpx.AsyncClient(transport=to_provider),
            now=clocks.system_now,
        ),
        desk=Desk(Inquirer(bus, clocks, clocks.system_now, bus.tell_undelivered), KEY, 5.0, 8.0),
        agreements=agreements,
        names=Names(lambda: agreements.directory),
        overrides=Overrides(beginnings, keys, clocks),
        alerts=alerts,
        pace=pace,
        news=NewsBoard(FakeAnnouncements(), clocks.now),
        faults=FakeFaults(),
        clock=clocks,
        now=clocks.system_now,
        pseudonym_key=KEY,
        log=structlog.stdlib.get_logger("gateway-test"),
    )
    app = _application(parts)
    app.state.parts = parts
    to_gateway = httpx.ASGITransport(app)

    def fresh() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=to_gateway, mounts={PROVIDER: to_provider})

    return Gateway(app, parts, bus, store, clocks, agreements, beginnings, alerts, pace, provider, to_provider, fresh)


def query_in(question: Question) -> PersonQuery:
    """The look-up that a question asks."""
    assert isinstance(question.body, PersonQuery)
    return question.body


def claim_in(question: Question) -> RegisterClaim:
    """The claim that a question registers."""
    assert isinstance(question.body, RegisterClaim)
    return question.body


FormToken = Callable[[str], str]
