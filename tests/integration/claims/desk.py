"""A municipality's desk for tests: signs, seals and sends requests, and keeps the answers."""

import base64
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from services.claims.asking import Asking
from services.claims.data_files import policy
from services.claims.events import Scribe
from services.claims.handlers import Handlers
from shared.bus.actor import sign
from shared.bus.consumer import Consumer
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing
from shared.bus.topics import CLAIMS_REQUESTS
from shared.clock.system import system_now
from shared.contracts.agreements import (
    Account,
    AgreementChanged,
    Bearer,
    DelegationChanged,
    MandateChanged,
    Member,
    OrganisationChanged,
    ResponsibilityChanged,
    UserChanged,
)
from shared.contracts.answers import Answer
from shared.contracts.asking import Body, ClaimStatusQuery, RegisterClaim
from shared.contracts.base import Channel, Contract, DataGroup, Purpose, Role, Validity
from shared.contracts.requests import Actor, RequestEnvelope, SealedRequest
from shared.database.migrate import upgrade
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.ids import pseudonym
from tests.harness.consuming import Rig, until

ARRIVAL = datetime(2016, 12, 22, 21, 59, 59, tzinfo=UTC)
"""22.12.2016 23:59:59 in Helsinki (golden G1)."""
CLIENT, OTHER_CLIENT, WORKER = "290200A950Y", "310323F999K", "010180-9015"
KEY_SETS = ("requests-claims", "claims", "access", "claim-rows")


@dataclass(frozen=True)
class Claimant:
    """A claimant: an organisation with its agreement and one worker.

    `joint` makes it a joint municipal authority (kuntayhtymä): the municipality has delegated to it.
    """

    organisation: str
    member: str
    joint: bool = False

    def events(self, key: bytes) -> list[Contract]:
        since = Validity(first=date(2016, 1, 1))
        worker = pseudonym(key, "worker", WORKER)
        return [
            OrganisationChanged(
                business_id=self.organisation,
                version=1,
                kind="joint_authority" if self.joint else "municipality",
                municipality=None if self.joint else self.member,
                name_fi="Kunta",
                name_sv="Kommun",
            ),
            AgreementChanged(
                id=f"A-{self.organisation}",
                version=1,
                party=self.organisation,
                validity=since,
                status="open",
                law="L 812/2000 21 §",
                purposes=tuple(Purpose),
                data_groups=tuple(DataGroup),
                channels=(Channel.UI,),
                window_months=24,
                covers_claims=True,
                security_statement=True,
                members=(Member(municipality=self.member, validity=since),),
                accounts=(Account(id="acc-1", iban="FI2112345600000785", confirmed=True),),
            ),
            MandateChanged(
                id=f"M-{self.organisation}",
                version=1,
                worker=worker,
                organisation=self.organisation,
                member=self.member,
                roles=(Role.ASSISTANCE_HANDLER,),
                validity=since,
            ),
            ResponsibilityChanged(
                municipality=self.member,
                version=1,
                bearers=(
                    Bearer(
                        organisation=self.organisation,
                        form="joint_authority" if self.joint else "own",
                        validity=since,
                    ),
                ),
            ),
            UserChanged(
                id=f"{self.organisation}/{worker}",
                version=1,
                worker=worker,
                organisation=self.organisation,
                status="active",
                why="opened",
                since=since.first,
            ),
            *(
                [
                    DelegationChanged(
                        id=f"DE-{self.member}",
                        version=1,
                        principal=self.member,
                        agent=self.organisation,
                        validity=since,
                    )
                ]
                if self.joint
                else []
            ),
        ]


KUOPIO, TAMPERE = Claimant("0171450-7", "297"), Claimant("0211675-2", "837")
SIUN_SOTE = Claimant("2763264-2", "167", joint=True)
"""A joint authority that bears Joensuu's social welfare."""


def claim(**changes: object) -> RegisterClaim:
    usual = RegisterClaim(
        idempotency_key=f"key-{secrets.token_hex(6)}",
        identity_code=CLIENT,
        benefit="kansanelake",
        ground="totul_23",
        first=date(2016, 12, 1),
        last=date(2017, 1, 31),
        amount="120,50",
        handler_name="Hilja Handler",
        handler_phone="017 123 456",
        account="acc-1",
        reference="12344",
        assistance="supplementary",
    )
    return usual.model_copy(update=changes)


@dataclass
class Desk:
    """Asks, on behalf of `by`, and remembers what was answered."""

    ring: KeyRing = field(default_factory=lambda: KeyRing({name: {"1": os.urandom(32)} for name in KEY_SETS}))
    actor_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    pseudonym_key: bytes = field(default_factory=lambda: os.urandom(32))
    answers: dict[UUID, Answer] = field(default_factory=dict)
    audit_age: timedelta | None = timedelta(seconds=1)
    looked: int = 0
    """How often the freshness of the log was looked at."""
    salt_secret: bytes = field(default_factory=lambda: os.urandom(32))
    acknowledges: bool = True
    """Whether Kafka confirms the events."""
    logged: set[UUID] = field(default_factory=set)
    """Events that Kafka has confirmed."""
    deaf: bool = False
    """Whether replies are lost, as when the process dies after the commit."""

    def request(
        self,
        body: Body,
        *,
        by: Claimant = KUOPIO,
        accepted: datetime = ARRIVAL,
        deadline: datetime | None = None,
        id: UUID | None = None,
        signer: Ed25519PrivateKey | None = None,
        sealed_for: UUID | None = None,
    ) -> Outgoing:
        id_, now = id or uuid4(), system_now()
        actor = Actor(
            request=id_,
            expires=now + timedelta(seconds=30),
            identity_code=WORKER,
            name="Maija Worker",
            signed_in=now - timedelta(minutes=5),
            organisation=by.organisation,
            member=by.member,
            roles=(Role.ASSISTANCE_HANDLER,),
            channel=Channel.UI,
        )
        inner = SealedRequest(
            actor=sign(actor, signer or self.actor_key),
            reply_key=base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("="),
            body=body,
        )
        sealed = self.ring.seal(
            "requests-claims", inner.model_dump_json().encode(), id=sealed_for or id_, type=RequestEnvelope.ce_type
        )
        envelope = RequestEnvelope(id=id_, accepted=accepted, deadline=deadline, sealed=sealed)
        return Outgoing.of(CLAIMS_REQUESTS, "k", id_, envelope, source="gateway", time=accepted)

    def handlers(self) -> Handlers:
        directory = Directory(
            event for body in (KUOPIO, TAMPERE, SIUN_SOTE) for event in body.events(self.pseudonym_key)
        )
        asking = Asking(
            directory,
            agreements_age=lambda _: timedelta(seconds=1),
            audit_age=self._audit_age,
            key=self.pseudonym_key,
            limits=Limits(artificial_codes=True),
        )
        return Handlers(
            ring=self.ring,
            scribe=Scribe(self.ring, self.salt_secret),
            actor_key=self.actor_key.public_key(),
            asking=asking,
            policy=policy(),
            publish=self._publish,
            reply=self._reply,
            now=system_now,
        )

    def _audit_age(self, _: datetime) -> timedelta | None:
        self.looked += 1
        return self.audit_age

    async def _publish(self, events: Sequence[Outgoing]) -> None:
        if not self.acknowledges:
            raise NotAcknowledged("Kafka is down")
        self.logged |= {event.id for event in events}

    async def _reply(self, request: Request, answer: Answer) -> None:
        if not self.deaf:
            self.answers[request.id] = answer


@dataclass
class Open:
    """A desk at a running consumer."""

    desk: Desk
    rig: Rig
    consumer: Consumer

    async def ask(self, body: Body, **how: object) -> Answer:
        message = self.desk.request(body, **how)  # type: ignore[arg-type]  # passed on by name
        await self.rig.send(message)
        return await self.answer(message.id)

    async def answer(self, id: UUID) -> Answer:
        async def probe() -> Answer | None:
            return self.desk.answers.get(id)

        answer = await until(probe, lambda found: found is not None)
        assert answer is not None
        return answer

    async def status(self, key: str, **how: object) -> Answer:
        return await self.ask(ClaimStatusQuery(idempotency_key=key), **how)

    async def rows(self, sql: str) -> list[dict[str, object]]:
        async with self.rig.engine.connect() as conn:
            return [dict(row) for row in (await conn.execute(text(sql))).mappings()]


async def migrate(database: str) -> None:
    await upgrade("claims", database.replace("postgresql://", "postgresql+asyncpg://", 1))


@asynccontextmanager
async def opened(rig: Rig, desk: Desk) -> AsyncIterator[Open]:
    async with rig.consuming(desk.handlers().on_requests) as consumer:
        yield Open(desk, rig, consumer)
