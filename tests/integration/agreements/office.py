"""Main users and Kela's officer at a desk: they sign, seal and send requests and keep the answers."""

import base64
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.ext.asyncio import AsyncEngine

from services.agreements import store
from services.agreements.asking import Asking
from services.agreements.domain.records import Record, key_of
from services.agreements.handlers import Handlers, take_in
from shared.bus.actor import sign
from shared.bus.messages import Delivered, Outgoing, decode
from shared.bus.messages import Record as BusRecord
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing
from shared.bus.topics import AGREEMENTS_REQUESTS
from shared.bus.transaction import Tx
from shared.clock.system import system_now
from shared.contracts.answers import Answer
from shared.contracts.asking import Body, ChangeRecords, RecordChange, UserSeen
from shared.contracts.base import Channel, Contract, Role
from shared.contracts.requests import Actor, RequestEnvelope, SealedRequest
from shared.gate.facts import Limits
from shared.gate.mandates import KELA
from shared.ids import pseudonym
from tests.unit.agreements.made import KUOPIO, agreement, delegation, joint, mandate, organisation

AT = datetime(2016, 12, 20, 8, 0, tzinfo=UTC)
"""Business time of requests unless a test says otherwise."""
LOADED = store.Change("loader", "a test", datetime(2016, 1, 1, tzinfo=UTC))
KEY_SET = "requests-agreements"
LOG = structlog.stdlib.get_logger("test")


@dataclass(frozen=True)
class Person:
    """Somebody who asks."""

    code: str
    organisation: str
    member: str
    roles: tuple[Role, ...]


MAIN_USER = Person("010180-9015", KUOPIO, "297", (Role.MAIN_USER,))
OFFICER = Person("010180Y9026", KELA, "091", (Role.AGREEMENT_OFFICER,))
SECOND_OFFICER = Person("290200A950Y", KELA, "091", (Role.AGREEMENT_OFFICER,))
CLERK = Person("310323F999K", KUOPIO, "297", (Role.FEE_CLERK,))
STRANGER = Person("150616B903S", KUOPIO, "297", (Role.MAIN_USER,))
"""States to be a main user; no mandate says so."""
STAFF = (MAIN_USER, OFFICER, SECOND_OFFICER, CLERK)


@dataclass
class Office:
    """Sends requests straight to the handlers, each in its own transaction, as the consumer loop does."""

    engine: AsyncEngine
    ring: KeyRing = field(default_factory=lambda: KeyRing({KEY_SET: {"1": os.urandom(32)}}))
    actor_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    pseudonym_key: bytes = field(default_factory=lambda: os.urandom(32))
    answers: dict[UUID, Answer] = field(default_factory=dict)
    now: Callable[[], datetime] = system_now
    """System clock of the service."""

    def worker(self, person: Person) -> str:
        """The person's pseudonym."""
        return pseudonym(self.pseudonym_key, "worker", person.code)

    def records(self) -> list[Record]:
        """Kuopio with its agreement, a joint authority that it has delegated to, Kela, and everybody's mandates."""
        kela = joint(business_id=KELA, name_fi="Kela", name_sv="FPA")
        staff = [
            mandate(
                id=f"V-staff-{number}",
                worker=self.worker(person),
                organisation=person.organisation,
                member=person.member,
                roles=person.roles,
            )
            for number, person in enumerate(STAFF)
        ]
        return [organisation(), joint(), kela, agreement(), delegation(), *staff]

    async def furnish(self, *more: Record) -> None:
        """Load everything, and more."""
        outcome = await take_in(self.engine, [*self.records(), *more], LOADED)
        assert outcome.refused == ()

    def request(
        self,
        body: Body,
        by: Person,
        *,
        accepted: datetime = AT,
        id: UUID | None = None,
        deadline: datetime | None = None,
        signer: Ed25519PrivateKey | None = None,
    ) -> Outgoing:
        """A signed and sealed request."""
        id_, now = id or uuid4(), system_now()
        actor = Actor(
            request=id_,
            expires=now + timedelta(seconds=30),
            identity_code=by.code,
            name="Maija Worker",
            signed_in=now - timedelta(minutes=5),
            organisation=by.organisation,
            member=by.member,
            roles=by.roles,
            channel=Channel.UI,
        )
        inner = SealedRequest(
            actor=sign(actor, signer or self.actor_key),
            reply_key=base64.urlsafe_b64encode(os.urandom(32)).decode().rstrip("="),
            body=body,
        )
        sealed = self.ring.seal(KEY_SET, inner.model_dump_json().encode(), id=id_, type=RequestEnvelope.ce_type)
        envelope = RequestEnvelope(id=id_, accepted=accepted, deadline=deadline, sealed=sealed)
        return Outgoing.of(AGREEMENTS_REQUESTS, by.organisation, id_, envelope, source="gateway", time=accepted)

    def handlers(self) -> Handlers:
        """The service's handlers, answering here."""
        return Handlers(
            ring=self.ring,
            actor_key=self.actor_key.public_key(),
            asking=Asking(self.pseudonym_key, Limits(artificial_codes=True)),
            reply=self._reply,
            now=self.now,
            log=LOG,
        )

    async def handle(self, *messages: Outgoing) -> None:
        """Give requests to the handlers in one batch."""
        handlers = self.handlers()
        async with self.engine.begin() as conn:
            tx = Tx(conn)
            await handlers.on_requests(tx, [delivered(message) for message in messages])
            await tx.flush()
        for action in tx.afterwards:
            await action()

    async def ask(self, body: Body, by: Person, **how: object) -> Answer:
        """Ask and return the answer."""
        message = self.request(body, by, **how)  # type: ignore[arg-type]  # passed on by name
        await self.handle(message)
        return self.answers[message.id]

    async def change(self, by: Person, *records: Record, key: str | None = None, at: datetime = AT) -> Answer:
        """Send a command to change records."""
        return await self.ask(changes(records, key), by, accepted=at)

    async def seen(self, by: Person, at: datetime) -> Answer:
        """Tell that the person signed in."""
        return await self.ask(UserSeen(), by, accepted=at)

    async def _reply(self, request: Request, answer: Answer) -> None:
        self.answers[request.id] = answer


def changes(records: Sequence[Record], key: str | None = None) -> ChangeRecords:
    """A command."""
    return ChangeRecords(
        idempotency_key=key or secrets.token_hex(8),
        changes=tuple(RecordChange(kind=key_of(one).kind, body=one.model_dump_json()) for one in records),
        reason="a test",
    )


def delivered(message: Outgoing) -> Delivered[Contract]:
    """The message as the consumer loop hands it on."""
    headers = tuple((name, value.encode()) for name, value in message.headers().items())
    taken = int(system_now().timestamp() * 1000)
    return decode(BusRecord(message.topic, 0, 0, message.key, message.body, headers, taken))
