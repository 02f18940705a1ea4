"""The register and Kela for tests of the books: sealed records, stored claims, and a feed that reads them."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncEngine

from services.claims.allocating import Bookkeeper
from services.claims.data_files import protected_shares
from services.claims.domain.bearing import Borne
from services.claims.domain.payday import Timing
from services.claims.domain.registration import Claim
from services.claims.events import ROW_KEYS, ROW_TYPE, RowPersonal
from services.claims.feed import Feed
from services.claims.store import claims as stored
from services.claims.store import registrations
from services.claims.store.registrations import Sent
from shared.bus.messages import Outgoing
from shared.bus.sealing import KeyRing
from shared.bus.topic import Topic
from shared.bus.topics import CLAIMS_KELA, REGISTER_DECISIONS, REGISTER_PAYMENTS, REGISTER_PERSONS
from shared.clock.civil import Month
from shared.contracts.base import Channel, Contract
from shared.contracts.claims import ClaimState, Ground, KelaAdvances, KelaClaim
from shared.contracts.register import Decision, Payment, Person, RegisterRecord
from shared.database.engine import raw
from shared.finnish.identity_code import IdentityCode
from shared.ids import event_id, pseudonym

TOPICS: Final = {"person": REGISTER_PERSONS, "decision": REGISTER_DECISIONS, "payment": REGISTER_PAYMENTS}
Confirmed = Callable[[Claim], bool]
KEY_SETS: Final = ("register", "claims", "claim-rows")
BEFORE: Final = datetime(2017, 2, 1, 10, tzinfo=UTC)
AFTER: Final = datetime(2017, 2, 8, 10, tzinfo=UTC)
PAYDAY: Final = date(2017, 2, 7)
WITHHELD: Final = Decimal("50.00")
FEBRUARY: Final = Month(2017, 2)


def code(n: int) -> str:
    return IdentityCode.artificial(date(1950 + n // 300, 1, 1 + n % 28), 900 + n // 28 % 11).reveal()


@dataclass(frozen=True)
class Upstream:
    """Whoever publishes records. The keys are hexadecimal, so that another process may be told them."""

    keys: Mapping[str, str] = field(default_factory=lambda: {name: os.urandom(32).hex() for name in KEY_SETS})
    secret: str = field(default_factory=lambda: os.urandom(32).hex())

    @property
    def ring(self) -> KeyRing:
        return KeyRing({name: {"1": bytes.fromhex(key)} for name, key in self.keys.items()})

    def client(self, n: int) -> str:
        return pseudonym(bytes.fromhex(self.secret), "client", code(n))

    def keeper(self, *, confirmed: bool = True) -> Bookkeeper:
        return Bookkeeper(
            self.ring,
            bytes.fromhex(self.secret),
            protected_shares(),
            lambda claim, _: Borne(claim, confirmed=confirmed),
        )

    def feed(self, *, confirmed: bool = True) -> Feed:
        return Feed(self.ring, self.keeper(confirmed=confirmed))

    def record(
        self, n: int, id: str, content: Contract, *, version: int = 1, at: datetime = BEFORE, withdrawn: bool = False
    ) -> Outgoing:
        kind = type(content).__name__.lower()
        id_ = event_id("register", kind, id, str(version))
        sealed = self.ring.seal("register", content.model_dump_json().encode(), id=id_, type=RegisterRecord.ce_type)
        body = RegisterRecord.model_validate(
            {"kind": kind, "id": id, "version": version, "client": self.client(n), "sealed": sealed,
             "withdrawn": withdrawn}
        )  # fmt: skip
        return Outgoing.of(TOPICS[kind], body.client, id_, body, source="upstream", time=at)

    def payment(self, n: int, net: str = "300.00", id: str = "", **how: object) -> Outgoing:
        day = how.pop("payday", PAYDAY)
        assert isinstance(day, date)
        content = Payment.model_validate(
            {"decision": f"D-{n}", "benefit": how.pop("benefit", "kansanelake"), "payday": day,
             "first": how.pop("first", FEBRUARY.first), "last": FEBRUARY.last,
             "gross": str(Decimal(net) + WITHHELD), "withheld": str(WITHHELD), "net": net,
             "paid_to": how.pop("paid_to", "client")}
        )  # fmt: skip
        return self.record(n, id or f"P-{n}", content, **how)  # type: ignore[arg-type]  # passed on by name

    def person(self, n: int, died: date | None, **how: object) -> Outgoing:
        content = Person(
            identity_code=code(n), last_name="A", first_names="B", municipality="297", language="fi", died=died
        )
        return self.record(n, f"H-{n}", content, **how)  # type: ignore[arg-type]  # passed on by name

    def decision(self, n: int, payee: int, **how: object) -> Outgoing:
        content = Decision(
            application=f"A-{n}", benefit="kansanelake", decided=BEFORE.date(), result="granted",
            first=FEBRUARY.first, payee=self.client(payee),
        )  # fmt: skip
        return self.record(n, f"D-{n}", content, **how)  # type: ignore[arg-type]  # passed on by name

    def kela(
        self,
        n: int,
        euros: str = "150.00",
        *,
        version: int = 1,
        ended: bool = False,
        at: datetime = BEFORE,
        of: int | None = None,
    ) -> Outgoing:
        """Kela's claim on a client; `of`: the one that began as a claim on another."""
        claim, id_ = event_id("kela", str(n if of is None else of)), event_id("kela", str(n), str(version))
        plain = KelaAdvances(client=code(n), advances={str(FEBRUARY): Decimal(euros)}).model_dump_json().encode()
        body = KelaClaim(
            id=claim, version=version, client=self.client(n), benefit="kansanelake", decided=date(2017, 1, 2),
            arrived=datetime(2017, 1, 3, tzinfo=UTC), first=FEBRUARY.first, last=FEBRUARY.last, ended=ended,
            sealed=self.ring.seal("register", plain, id=id_, type=KelaClaim.ce_type),
        )  # fmt: skip
        return Outgoing.of(CLAIMS_KELA, body.client, id_, body, source="upstream", time=at)

    def claim(self, n: int, euros: str = "100.00", **changes: object) -> Claim:
        fields: dict[str, object] = {
            "id": event_id("claim", str(n)), "number": f"MV-{n}", "state": ClaimState.ACTIVE, "version": 1,
            "organisation": "0171450-7", "member": "297", "agreement": "A-1", "channel": Channel.UI,
            "worker": "w", "client": self.client(n), "benefit": "kansanelake", "ground": Ground.TOTUL_23,
            "first": FEBRUARY.first, "last": FEBRUARY.last, "amount": None, "account": "acc-1",
            "reference": "12344", "assistance": "basic", "arrived": datetime(2017, 1, 4, tzinfo=UTC),
            "timing": Timing(PAYDAY, None), "origin": date(2017, 1, 2), "advances": {FEBRUARY: Decimal(euros)},
        }  # fmt: skip
        return Claim(**(fields | changes))  # type: ignore[arg-type]  # a test's short hand

    async def store(self, engine: AsyncEngine, n: int, claim: Claim) -> None:
        personal = RowPersonal(
            client=code(n), worker=None, worker_name="W", handler_name="H", handler_phone="1", care_unit=None
        )
        sealed = self.ring.seal(ROW_KEYS, personal.model_dump_json().encode(), id=claim.id, type=ROW_TYPE)
        async with engine.begin() as conn:
            await stored.lock_clients(conn, [claim.client])
            sent = Sent((claim.organisation, claim.number), claim.id, b"")
            await registrations.register(await raw(conn), sent, claim, sealed, (), claim.id)


ENTRIES: Final = text(
    """
    select payment, entry, payment_version, client, why, at, event, to_client, coalesce((
        select array_agg(body || ' ' || amount || case when held then ' held' else '' end order by position)
        from allocation_share as share where share.payment = known.payment and share.entry = known.entry
    ), '{}') as shares from allocation as known order by payment, entry
    """
)


async def books(engine: AsyncEngine) -> list[tuple[str, int, list[str], Decimal]]:
    """Payment, entry, shares in words, the client's part: of every entry, in order."""
    return [(row.payment, row.entry, row.shares, row.to_client) for row in await everything(engine)]


async def everything(engine: AsyncEngine) -> list[Row[Any]]:
    async with engine.connect() as conn:
        return list(await conn.execute(ENTRIES))


def topic_of(message: Outgoing) -> Topic:
    return next(topic for topic in (*TOPICS.values(), CLAIMS_KELA) if topic.name == message.topic)
