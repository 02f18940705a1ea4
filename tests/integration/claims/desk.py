"""A municipality's desk for tests: signs, seals and sends requests, and keeps the answers."""

import base64
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text

from services.claims.allocating import Bookkeeper
from services.claims.asking import Asking
from services.claims.bearing import Bearing
from services.claims.data_files import dry_run_thresholds, policy, protected_shares
from services.claims.desks.bounded import Bounded
from services.claims.desks.dry_running import DryRun
from services.claims.desks.receipts import Receipts
from services.claims.desks.registering import Judging, Registering, Tables
from services.claims.events import Scribe
from services.claims.requests import Requests
from shared.bus.actor import sign
from shared.bus.consumer import Consumer
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing
from shared.bus.topics import CLAIMS_REQUESTS
from shared.clock.system import system_now
from shared.contracts.answers import Answer, ClaimReceipt
from shared.contracts.asking import Body, CareStated, ClaimStatusQuery, MonthAdvance, RegisterClaim, ValidateClaim
from shared.contracts.base import Channel, Contract
from shared.contracts.requests import Actor, RequestEnvelope, SealedRequest
from shared.database.migrate import upgrade
from shared.directory.model import Directory
from shared.gate.facts import Limits
from shared.ids import pseudonym
from tests.harness.consuming import Rig, until
from tests.integration.claims.claimants import KUOPIO, SIUN_SOTE, TAMPERE, Claimant

ARRIVAL = datetime(2016, 12, 22, 21, 59, 59, tzinfo=UTC)
"""22.12.2016 23:59:59 in Helsinki (golden G1)."""
CLIENT, OTHER_CLIENT = "290200A950Y", "310323F999K"
KEY_SETS = ("requests-claims", "claims", "access", "claim-rows")


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
        decided=date(2016, 11, 30),
        advances=(MonthAdvance(month="2016-12", amount="400"), MonthAdvance(month="2017-01", amount="350,50")),
    )
    return usual.model_copy(update=changes)


CARE: dict[str, object] = {
    "ground": "aml_14",
    "last": None,
    "decided": None,
    "advances": (),
    "care": CareStated(first=date(2016, 11, 1), fee="637,50", income="750", others="130", unit="Koivukoti"),
}
"""What makes the usual claim one by AML 14."""


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
    others: tuple[Claimant, ...] = ()
    """Who may claim besides the usual ones."""
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
            identity_code=by.worker,
            name="Maija Worker",
            signed_in=now - timedelta(minutes=5),
            organisation=by.organisation,
            member=by.member,
            roles=(by.role,),
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

    def requests(self) -> Requests:
        directory = Directory(
            event for body in (KUOPIO, TAMPERE, SIUN_SOTE, *self.others) for event in body.events(self.pseudonym_key)
        )
        asking = Asking(
            directory,
            agreements_age=lambda _: timedelta(seconds=1),
            audit_age=self._audit_age,
            key=self.pseudonym_key,
            limits=Limits(artificial_codes=True),
        )
        scribe, judging = Scribe(self.ring, self.salt_secret), Judging(Tables(policy(), protected_shares()))
        receipts = Receipts(asking=asking, scribe=scribe, now=system_now)
        keeper = Bookkeeper(self.ring, self.salt_secret, protected_shares(), Bearing(directory).borne)
        return Requests(
            ring=self.ring,
            actor_key=self.actor_key.public_key(),
            desks={
                RegisterClaim: Registering(
                    asking=asking,
                    judging=judging,
                    scribe=scribe,
                    receipts=receipts,
                    rebook=keeper.rebook,
                    thresholds=dry_run_thresholds(),
                ),
                ValidateClaim: Bounded(
                    DryRun(asking=asking, judging=judging, scribe=scribe, now=system_now),
                    thresholds=dry_run_thresholds(),
                    scribe=scribe,
                    now=system_now,
                ),
                ClaimStatusQuery: receipts,
            },
            scribe=scribe,
            publish=self._publish,
            reply=self._reply,
            now=system_now,
            log=structlog.get_logger("test"),
        )

    def client(self, code: str = CLIENT) -> str:
        """Pseudonym of a client."""
        return pseudonym(self.pseudonym_key, "client", code)

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

    async def receipt(self, **changes: object) -> ClaimReceipt:
        answer = await self.ask(claim(**changes))
        assert isinstance(answer, ClaimReceipt), answer
        return answer

    async def events(self, kind: type[Contract]) -> list[tuple[UUID, bytes]]:
        """Ids and bodies of the events of one kind, in order."""
        async with self.rig.engine.connect() as conn:
            found = text("select event_id, body from outbox where type = :type order by id")
            return [(row.event_id, bytes(row.body)) for row in await conn.execute(found, {"type": kind.ce_type})]

    async def rows(self, sql: str) -> list[dict[str, object]]:
        async with self.rig.engine.connect() as conn:
            return [dict(row) for row in (await conn.execute(text(sql))).mappings()]


async def migrate(database: str) -> None:
    await upgrade("claims", database.replace("postgresql://", "postgresql+asyncpg://", 1))


@asynccontextmanager
async def opened(rig: Rig, desk: Desk) -> AsyncIterator[Open]:
    async with rig.consuming(desk.requests().on_requests) as consumer:
        yield Open(desk, rig, consumer)
