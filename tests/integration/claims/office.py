"""Municipalities and Kela at work on claims: a desk that also acts, asks for lists, is paid, and lives in time."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.claims.allocating import Bookkeeper
from services.claims.asking import Asking
from services.claims.bearing import Bearing
from services.claims.data_files import dry_run_thresholds, policy, protected_shares
from services.claims.desks.acting import Acting
from services.claims.desks.asking_claims import AskingClaims
from services.claims.desks.handing_over import HandingOver
from services.claims.desks.kela_claims import KelaClaims
from services.claims.desks.receipts import Receipts
from services.claims.desks.registering import Judging, Registering, Tables
from services.claims.desks.stepping import Stepping
from services.claims.events import Scribe
from services.claims.feed import Arrived, Feed
from services.claims.requests import Requests
from services.claims.store import register
from services.claims.store.claims import lock_clients
from services.claims.store.register import PaymentRow
from services.claims.timers import AT_ONCE, Timers
from shared.bus.transaction import Tx
from shared.clock.civil import helsinki_date
from shared.clock.system import system_now
from shared.contracts.answers import Answer, ClaimDone, ClaimReceipt, Refused
from shared.contracts.asking import (
    ClaimCommand,
    ClaimQuery,
    ClaimsQuery,
    ClaimStatusQuery,
    HandOverClaims,
    RegisterClaim,
    RegisterKelaClaim,
    SettlementsQuery,
)
from shared.directory.model import Directory
from shared.gate.facts import Limits
from tests.harness.consuming import Rig
from tests.integration.claims.claimants import KELA, KUOPIO, SIUN_SOTE, TAMPERE
from tests.integration.claims.desk import ARRIVAL, Desk, Open, claim

REASON = "Vaatimus täyttää lain edellytykset."
HEARING = ARRIVAL + timedelta(days=1)
DECISION = ARRIVAL + timedelta(days=5)
PAYDAY = date(2017, 1, 5)
WITHHELD = Decimal("150.00")
AFTER_PAYDAY = datetime(2017, 1, 9, 10, tzinfo=UTC)


@dataclass
class Office(Desk):
    """A desk with every request of the service, on a business clock of the test's own."""

    clock: datetime = ARRIVAL
    directory: Directory = field(default_factory=Directory)

    def __post_init__(self) -> None:
        for body in (KUOPIO, TAMPERE, SIUN_SOTE, KELA):
            for event in body.events(self.pseudonym_key):
                self.directory.apply(event)

    @property
    def bearing(self) -> Bearing:
        return Bearing(self.directory)

    @property
    def scribe(self) -> Scribe:
        return Scribe(self.ring, self.salt_secret)

    @property
    def keeper(self) -> Bookkeeper:
        return Bookkeeper(self.ring, self.salt_secret, protected_shares(), self.bearing.borne)

    @property
    def stepping(self) -> Stepping:
        return Stepping(ring=self.ring, scribe=self.scribe, rebook=self.keeper.rebook)

    def requests(self) -> Requests:
        asking = Asking(
            self.directory,
            agreements_age=lambda _: timedelta(seconds=1),
            audit_age=self._audit_age,
            key=self.pseudonym_key,
            limits=Limits(artificial_codes=True),
        )
        receipts = Receipts(asking=asking, scribe=self.scribe, now=system_now)
        judging = Judging(Tables(policy(), protected_shares()))
        questions = AskingClaims(
            asking=asking, scribe=self.scribe, bearing=self.bearing, stepping=self.stepping, now=system_now
        )
        return Requests(
            ring=self.ring,
            actor_key=self.actor_key.public_key(),
            desks={
                RegisterClaim: Registering(
                    asking=asking,
                    judging=judging,
                    scribe=self.scribe,
                    receipts=receipts,
                    rebook=self.keeper.rebook,
                    thresholds=dry_run_thresholds(),
                ),
                ClaimCommand: Acting(
                    asking=asking,
                    scribe=self.scribe,
                    bearing=self.bearing,
                    keeper=self.keeper,
                    stepping=self.stepping,
                ),
                HandOverClaims: HandingOver(
                    asking=asking, scribe=self.scribe, bearing=self.bearing, stepping=self.stepping
                ),
                RegisterKelaClaim: KelaClaims(
                    asking=asking, scribe=self.scribe, keeper=self.keeper, feed=Feed(self.ring, self.keeper)
                ),
                ClaimStatusQuery: receipts,
                ClaimQuery: questions,
                ClaimsQuery: questions,
                SettlementsQuery: questions,
            },
            scribe=self.scribe,
            publish=self._publish,
            reply=self._reply,
            now=system_now,
            log=structlog.get_logger("test"),
        )

    def timers(self, engine: AsyncEngine, at_once: int = AT_ONCE) -> Timers:
        return Timers(
            engine=engine,
            now=lambda: self.clock,
            bearing=self.bearing,
            scribe=self.scribe,
            stepping=self.stepping,
            rebook=self.keeper.rebook,
            log=structlog.get_logger("test"),
            at_once=at_once,
        )

    def payment(self, net: str, *, id: str = "P-1", payday: date = PAYDAY, version: int = 1) -> PaymentRow:
        return PaymentRow(
            id=id, version=version, client=self.client(), payee=self.client(), decision="D-1", benefit="kansanelake",
            payday=payday, first=date(payday.year, payday.month, 1), last=date(payday.year, payday.month, 28),
            net=Decimal(net), paid_to="client", withdrawn=False,
            gross=Decimal(net) + WITHHELD, withheld=WITHHELD,
        )  # fmt: skip

    async def correct(self, engine: AsyncEngine, net: str, *, version: int, at: datetime = AFTER_PAYDAY) -> None:
        """A new version of the usual payment, as the register's feed takes it in."""
        async with engine.begin() as conn:
            tx, record = Tx(conn), Arrived(self.payment(net, version=version), at)
            for event in await Feed(self.ring, self.keeper).take(tx, [record], helsinki_date(at)):
                tx.publish(event)
            await tx.flush()

    async def pay(
        self,
        engine: AsyncEngine,
        net: str = "600.00",
        *,
        id: str = "P-1",
        payday: date = PAYDAY,
        version: int = 1,
        at: datetime = ARRIVAL,
    ) -> None:
        """A payment of January to the usual client, known before its payday."""
        row = self.payment(net, id=id, payday=payday, version=version)
        async with engine.begin() as conn:
            tx = Tx(conn)
            await lock_clients(conn, [row.client])
            await register.upsert(await tx.raw(), PaymentRow, [row])
            await self.keeper.rebook(tx, row.client, "claim", at)


@dataclass
class Case:
    """One claim of the usual client at an open office, and its version as it was last seen."""

    open: Open
    number: str
    version: int

    async def act(self, act: str, *, stale: int | None = None, **how: object) -> Answer:
        """One act; `by` and `accepted` say who and when, the rest stands in the command."""
        asked = {name: how.pop(name) for name in ("by", "accepted", "id") if name in how}
        command = ClaimCommand.model_validate(
            {"idempotency_key": f"act-{secrets.token_hex(6)}", "number": self.number, "act": act,
             "version": self.version if stale is None else stale, **how}
        )  # fmt: skip
        answer = await self.open.ask(command, **asked)
        if isinstance(answer, ClaimDone):
            self.version = answer.version
        return answer

    async def accepted(self) -> None:
        """Hear the client, record the answer, accept and activate."""
        deadline = (HEARING + timedelta(days=14)).date()
        steps = (
            {"act": "hear", "deadline": deadline, "accepted": HEARING},
            {"act": "answer", "reason": "Suostun.", "accepted": HEARING},
            {"act": "accept", "reason": REASON, "accepted": DECISION},
            {"act": "activate", "accepted": DECISION},
        )
        for step in steps:
            answer = await self.act(by=KELA, **step)  # type: ignore[arg-type]  # passed on by name
            assert isinstance(answer, ClaimDone), (step, answer)


async def registered(open_: Open, **how: object) -> Case:
    asked = {name: how.pop(name) for name in ("by", "accepted") if name in how}
    answer = await open_.ask(claim(**how), **asked)
    assert isinstance(answer, ClaimReceipt), answer
    return Case(open_, answer.number, answer.version or 1)


def code_of(answer: Answer) -> str:
    assert isinstance(answer, Refused), answer
    return answer.refusal.code


Room = tuple[Office, Open]
"""The office, and the desk at its consumer."""


@asynccontextmanager
async def office_at(rig: Rig, office: Office | None = None) -> AsyncIterator[Room]:
    at = office or Office()
    async with rig.consuming(at.requests().on_requests) as consumer:
        yield at, Open(at, rig, consumer)
