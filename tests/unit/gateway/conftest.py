"""A gateway in memory: real application, real development provider, fake bus and fake session table."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from joserfc.jwk import OKPKey

from deploy.demo.client import GatewayClient
from deploy.devidp.app import create_app as create_provider
from deploy.devidp.provider import Provider
from deploy.devidp.users import User
from services.gateway.desk import Desk
from services.gateway.keys import SessionKeys
from services.gateway.oidc import Oidc
from services.gateway.parts import Parts
from services.gateway.sessions import Sessions
from services.gateway.settings import GatewaySettings
from services.gateway.store import StoredSession
from services.gateway.web import create_app
from shared.bus.client import Question
from shared.contracts.agreements import Account, AgreementChanged, MandateChanged, Member, OrganisationChanged
from shared.contracts.base import Channel, DataGroup, Purpose, Refusal, Role, Text, Validity
from shared.contracts.requests import (
    Answer,
    ClaimReceipt,
    ClaimRow,
    DecisionRow,
    PaymentRow,
    Pending,
    PersonView,
    Refused,
    Trimmed,
)
from shared.directory.model import Directory
from shared.ids import pseudonym

GATEWAY, PROVIDER = "http://gateway.test", "http://idp.test"
KEY = b"p" * 32
TAMPERE, KUOPIO_BODY = "0211675-2", "0171450-7"
SARI, CLIENT = "010180-9015", "010180Y9026"
EVENT = UUID("6b0b3c1e-5d0c-4a55-9f5c-2f1a3a0f9f11")
ALWAYS = Validity(first=date(2016, 1, 1))


@dataclass
class FakeStore:
    """The session table in memory."""

    rows: dict[bytes, StoredSession] = field(default_factory=dict)
    finds: int = 0
    touches: int = 0

    async def find(self, id_hash: bytes) -> StoredSession | None:
        self.finds += 1
        return self.rows.get(id_hash)

    async def add(self, session: StoredSession) -> None:
        self.rows[session.id_hash] = session

    async def choose(self, id_hash: bytes, organisation: str, member: str) -> None:
        self.rows[id_hash] = replace(self.rows[id_hash], organisation=organisation, member=member)

    async def touch(self, id_hash: bytes, seen: datetime) -> None:
        self.touches += 1
        self.rows[id_hash] = replace(self.rows[id_hash], seen=seen)

    async def remove(self, id_hash: bytes) -> None:
        self.rows.pop(id_hash, None)


@dataclass
class FakeBus:
    """A bus that notes what was asked and answers what the test says."""

    answer: Answer | Exception | None = None
    asked: list[Question] = field(default_factory=list)

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - the bus client's own shape
        assert timeout > 0
        self.asked.append(question)
        if isinstance(self.answer, Exception):
            raise self.answer
        assert self.answer is not None, "the test said nothing about the answer"
        return self.answer


@dataclass
class FakeAgreements:
    directory: Directory = field(default_factory=Directory)
    ready: bool = True


@dataclass
class Clocks:
    """Both clocks, moved by tests."""

    business: datetime = datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC)
    system: datetime = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.business

    def system_now(self) -> datetime:
        return self.system


@dataclass
class Gateway:
    """Everything a test may look at or move."""

    app: FastAPI
    parts: Parts
    bus: FakeBus
    store: FakeStore
    clocks: Clocks
    agreements: FakeAgreements
    provider: Provider
    transport: httpx.AsyncBaseTransport
    fresh: Callable[[], httpx.AsyncClient]

    @asynccontextmanager
    async def signed_in(self, person: str = "Virtanen Sari") -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which the person has signed in."""
        async with self.fresh() as browser:
            await GatewayClient(GATEWAY, browser).sign_in(person)
            browser.base_url = httpx.URL(GATEWAY)
            yield browser


def organisation(business_id: str, name: str, municipality: str | None) -> OrganisationChanged:
    return OrganisationChanged(
        business_id=business_id,
        version=1,
        kind="municipality" if municipality else "joint_authority",
        municipality=municipality,
        name_fi=name,
        name_sv=name,
    )


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
    return AgreementChanged(
        id="A-TAMPERE",
        version=1,
        party=TAMPERE,
        validity=ALWAYS,
        status="open",
        law="L 812/2000 21 §",
        purposes=(Purpose.VERIFY,),
        data_groups=(DataGroup.PENDING,),
        channels=(Channel.UI,),
        window_months=24,
        covers_claims=True,
        security_statement=True,
        members=(Member(municipality="837", validity=ALWAYS),),
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


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    clocks, bus, store, agreements = Clocks(), FakeBus(), FakeStore(), FakeAgreements(directory())
    settings = GatewaySettings(
        service="gateway",
        kafka="127.0.0.1:9092",
        database="postgresql://127.0.0.1/kelmu_gateway",
        secrets=tmp_path,
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
        desk=Desk(bus, KEY, clocks, clocks.system_now, 5.0, 8.0),
        agreements=agreements,
        clock=clocks,
        now=clocks.system_now,
        pseudonym_key=KEY,
    )
    app = create_app(parts, structlog.stdlib.get_logger("gateway-test"))
    to_gateway = httpx.ASGITransport(app)

    def fresh() -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=to_gateway, mounts={PROVIDER: to_provider})

    return Gateway(app, parts, bus, store, clocks, agreements, provider, to_provider, fresh)


@pytest.fixture
async def sari(gateway: Gateway) -> AsyncIterator[httpx.AsyncClient]:
    """A browser in which Sari, viewer and fee clerk of Tampere, has signed in."""
    async with gateway.signed_in() as browser:
        yield browser


@pytest.fixture
def person() -> PersonView:
    return PersonView(
        name="Meikäläinen, Maija",
        identity_code=CLIENT,
        municipality="837",
        safety_prohibition=False,
        looked_up=datetime(2016, 12, 31, 10, 31, 5, tzinfo=UTC),
        access_event=EVENT,
        pending=(
            Pending(
                benefit="yleinen_asumistuki",
                received=date(2016, 12, 1),
                stage="in_process",
                estimated_decision=date(2017, 1, 15),
            ),
        ),
        decisions=(
            DecisionRow(
                benefit="kansanelake",
                result="granted",
                first=date(2015, 1, 1),
                last=None,
                amount="634.30",
                decided=date(2014, 12, 3),
            ),
        ),
        payments=(
            PaymentRow(
                benefit="kansanelake",
                payday=date(2016, 12, 7),
                first=date(2016, 12, 1),
                last=date(2016, 12, 31),
                gross="1634.30",
                withheld="400.00",
                net="1234.30",
                paid_to="client",
            ),
        ),
        claims=(
            ClaimRow(
                number="V-2016-000001",
                benefit="kansanelake",
                ground="aml_14",
                state="registered",
                first=date(2017, 1, 1),
                last=None,
                effective_payday=date(2017, 2, 7),
            ),
        ),
        trimmed=(Trimmed(group="decisions", count=3, why="window"),),
    )


@pytest.fixture
def refusal() -> Refused:
    return Refused(
        refusal=Refusal(
            code="gate.purpose_covered",
            rule="purpose_covered",
            law="L 812/2000 21 §",
            reason=Text(
                fi="Sopimus ei kata tätä.", sv="Avtalet omfattar inte detta.", en="The agreement does not cover it."
            ),
            advice=Text(fi="Ota yhteys pääkäyttäjään.", sv="Kontakta huvudanvändaren.", en="Contact the main user."),
        ),
        event=EVENT,
    )


@pytest.fixture
def receipt() -> ClaimReceipt:
    return ClaimReceipt(
        number="V-2016-000002",
        arrived=datetime(2016, 12, 20, 10, 0, tzinfo=UTC),
        state="registered",
        effective_payday=date(2017, 1, 26),
        earliest=None,
        missed_paydays=(date(2016, 12, 23),),
        warnings=("varoitus",),
    )


@pytest.fixture
def form_token() -> Callable[[str], str]:
    """Reads the form token out of a page, as a browser would send it back."""

    def read(page: str) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', page)
        assert found is not None, "the page holds no form token"
        return found[1]

    return read


@pytest.fixture
def long_after() -> timedelta:
    return timedelta(hours=9)
