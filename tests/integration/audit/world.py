"""Events as the services publish them, and the audit service's parts around a test's own database."""

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from deploy.local.secret_files import ensure_secrets, grant_secrets
from services.audit import exporting
from services.audit.checking import Checked, check_database
from services.audit.decoding import decode, on_conflict
from services.audit.domain.note import VerifierKey
from services.audit.handlers import LogKeeper
from services.audit.notary import Notary
from services.audit.personal import Opener, PersonKeys
from shared.bus import offsets
from shared.bus.batch import Batch, apply_batch
from shared.bus.brake import Brake
from shared.bus.messages import Outgoing, Record
from shared.bus.offsets import Position
from shared.bus.sealing import KeyRing, commit
from shared.bus.topic import Topic
from shared.bus.topics import ACCESS_EVENTS, AUDIT_SEQUENCE
from shared.bus.transaction import Handle
from shared.clock.system import system_now
from shared.contracts.access import AccessDecided, AccessPersonal, Action, Outcome
from shared.contracts.audit import SequenceAssigned
from shared.contracts.base import Channel, DataGroup, Purpose
from shared.ids import event_id, pseudonym
from shared.secrets import TABLE, Secrets


def give_secrets(folder: Path) -> Secrets:
    """Secrets as the audit process holds them, no more."""
    ensure_secrets(folder / "all", [(row.name, row.kind) for row in TABLE])
    grant_secrets(folder / "all", folder / "audit", "audit", TABLE)
    return Secrets(folder / "audit")


RING = KeyRing({name: {"1": os.urandom(32)} for name in ("access", "claims", "audit-personal")})
STRANGER = KeyRing({"access": {"1": os.urandom(32)}})
"""Seals with a key that audit does not hold."""
PSEUDONYM_KEY = os.urandom(32)
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ORIGIN = "log.kelmu.test"
KEY = VerifierKey.of(ORIGIN, LOG_KEY.public_key())
CLIENTS = ("010180-9015", "010180Y9026", "290200A950Y", "310323F999K")
START = datetime(2016, 12, 31, 21, 0, tzinfo=UTC)
MONTH = "2016-12"


def client_pseudonym(client: str) -> str:
    return pseudonym(PSEUDONYM_KEY, "client", client)


@cache
def access(
    n: int,
    *,
    version: int = 1,
    client: str | None = None,
    ring: KeyRing = RING,
    commitment: str | None = None,
    seconds: int | None = None,
    listed: tuple[str, ...] = (),
) -> Outgoing:
    """The n-th look-up, or a page of a list with the clients `listed`.

    The same arguments give the same bytes, as a redelivery does.
    """
    request = UUID(int=n)
    id_ = event_id("access", str(request))
    personal = AccessPersonal(
        salt=os.urandom(16).hex(),
        client=None if listed else client or CLIENTS[n % len(CLIENTS)],
        worker="150616B903S",
        worker_name="Työntekijä Testi",
        records=(f"D-{n}",),
        clients=listed,
        informed=True,
    )
    plaintext = personal.model_dump_json().encode()
    time = START + timedelta(seconds=n if seconds is None else seconds)
    body = AccessDecided(
        request=request,
        time=time,
        outcome=Outcome.GRANTED,
        channel=Channel.UI,
        service="lookup",
        purpose=Purpose.CHARGE,
        organisation="0201256-6",
        member="091",
        agreement="A-091",
        worker=pseudonym(PSEUDONYM_KEY, "worker", "150616B903S"),
        action=Action.LIST if listed else Action.LOOK_UP,
        persons=len(listed) or 1,
        shown={DataGroup.DECISIONS: version},
        commitment=commitment or commit(plaintext),
        personal=ring.seal("access", plaintext, id=id_, type=AccessDecided.ce_type),
    )
    return Outgoing.of(ACCESS_EVENTS, "A-091", id_, body, source="lookup", time=time)


WRONG_COMMITMENT = sha256(b"something else").hexdigest()


def keeper(ring: KeyRing = RING) -> LogKeeper:
    """A log keeper with an empty key cache, as a new process has it."""
    return LogKeeper(Opener(ring, PSEUDONYM_KEY), PersonKeys(ring), system_now, structlog.get_logger("test"))


@dataclass
class FixedEnds:
    """Where partitions end, as told."""

    ends: Mapping[Position, int]
    failure: Exception | None = None

    async def sample(self) -> Mapping[Position, int]:
        if self.failure is not None:
            raise self.failure
        return self.ends

    async def close(self) -> None:
        """Nothing is open."""


@dataclass
class Heard:
    """What was published, in order."""

    messages: list[Outgoing] = field(default_factory=list)

    async def publish(self, message: Outgoing) -> None:
        self.messages.append(message)

    async def publish_many(self, messages: Sequence[Outgoing]) -> None:
        self.messages += messages

    def of(self, topic: Topic) -> list[Outgoing]:
        return [message for message in self.messages if message.topic == topic.name]

    @property
    def assigned(self) -> list[SequenceAssigned]:
        return [SequenceAssigned.model_validate_json(message.body) for message in self.of(AUDIT_SEQUENCE)]

    async def newest(self) -> SequenceAssigned | None:
        return self.assigned[-1] if self.assigned else None

    async def after(self, size: int) -> AsyncIterator[SequenceAssigned]:
        for assigned in self.assigned:
            if assigned.size > size:
                yield assigned
                size = assigned.size


def notary(
    engine: AsyncEngine,
    consumer: str,
    ends: FixedEnds,
    heard: Heard,
    keys: Sequence[Ed25519PrivateKey] = (LOG_KEY,),
    origin: str = ORIGIN,
) -> Notary:
    """A notary that finds on `audit.sequence` what was heard on it."""
    return Notary(engine, heard, ends, heard, keys, origin, structlog.get_logger("test"), system_now, consumer)


TOPIC = "access.events"
CONSUMER = "audit-log"


@dataclass
class Log:
    """The log in a database of its own, fed record by record as the consumer loop feeds it."""

    engine: AsyncEngine
    fed: int = 0

    async def find_place(self) -> None:
        """Go on where the database stands, as a process does when it starts."""
        self.fed = int(str(await self.scalar("select coalesce(max(next_offset), 0) from consumer_offset")))

    async def feed(self, messages: Sequence[Outgoing], handle: Handle | None = None, topic: str = "") -> None:
        await self.feed_raw(
            [(m.body, tuple((name, value.encode()) for name, value in m.headers().items())) for m in messages],
            handle,
            topic,
        )

    async def feed_raw(
        self,
        records: Sequence[tuple[bytes, tuple[tuple[str, bytes | None], ...]]],
        handle: Handle | None = None,
        topic: str = "",
    ) -> None:
        batch = Batch(CONSUMER, self.engine, handle or keeper().append, decode, on_conflict)
        place = (topic or TOPIC, 0)
        found = [Record(*place, self.fed + n, b"k", value, headers, 0) for n, (value, headers) in enumerate(records)]
        async with self.engine.begin() as conn:
            await offsets.begin(conn, CONSUMER, {place: self.fed})
        await apply_batch(batch, found, {place: self.fed}, Brake(), structlog.get_logger("test"))
        self.fed += len(records)

    async def sign(self, heard: Heard | None = None, end: int | None = None) -> None:
        ends = FixedEnds({(TOPIC, 0): self.fed if end is None else end})
        await notary(self.engine, CONSUMER, ends, heard or Heard()).tick()

    async def check(self) -> Checked:
        return await check_database(self.engine, RING, KEY)

    async def execute(self, *statements: str) -> None:
        async with self.engine.begin() as conn:
            for statement in statements:
                await conn.execute(text(statement))

    async def scalar(self, sql: str) -> object:
        async with self.engine.connect() as conn:
            return await conn.scalar(text(sql))

    async def export(self, folder: Path) -> Path:
        await exporting.export(self.engine, KEY, folder)
        return folder
