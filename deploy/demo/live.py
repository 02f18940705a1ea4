"""The live part: workers sign in and ask through the gateway's API, across the midnight of 31.12.2016."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Final

import httpx

from deploy.demo.agreements.named import demo_worker
from deploy.demo.agreements.parties import business_id
from deploy.demo.client import Body, GatewayClient, Reply
from deploy.demo.clients import RELATION, Clients
from deploy.demo.operating import DemonstrationFailed
from deploy.demo.register import Dossier
from deploy.demo.register.casting import Cast, cast
from deploy.demo.stage import Stage, helsinki_instant, until
from deploy.demo.tale import Meeting, Tale
from deploy.demo.visits import CLAIMS, LOOK_UPS, Claim, LookUp, When
from shared.ids import event_id

MIDNIGHT: Final = helsinki_instant(date(2017, 1, 1), 0)
TAMPERE: Final = "837"
LAGGING: Final = frozenset({"audit_fresh", "agreements_fresh"})
PATIENCE: Final = 15
GRANTED: Final = frozenset({200, 201})
STEADY_PAUSE: Final = 0.1
"""Seconds between ordinary look-ups: a town's workers, not a load test."""
SIGN_IN_AGAIN: Final = 20.0
"""Seconds: well before the demonstration's short session limit."""


class Desk:
    """The signed-in workers of the demonstration."""

    def __init__(self, stage: Stage, tale: Tale) -> None:
        self._stage = stage
        self._tale = tale
        self.clients = Clients(())
        """Whom to look up."""
        self._dossiers: dict[str, Dossier] = {}
        self._cast: Cast | None = None
        self.first_claim = ""
        """Number of the first claim that was registered."""
        self._signed_in: dict[str, tuple[GatewayClient, float]] = {}
        self.forgotten: GatewayClient | None = None
        """Signed in at the very beginning and left alone, until its identification is too old."""

    def meet(self, dossiers: Sequence[Dossier]) -> None:
        """Let the workers know the register's people, and who plays which part."""
        self.clients, self._cast = Clients(dossiers), cast(dossiers)
        self._dossiers = {dossier.identity.reveal(): dossier for dossier in dossiers}

    @property
    def cast(self) -> Cast:
        """People for special parts.

        Raises:
            DemonstrationFailed: nobody was met yet.
        """
        if self._cast is None:
            raise DemonstrationFailed("the register's people are not known yet")
        return self._cast

    @property
    def known(self) -> Dossier:
        """An ordinary client who lives in Tampere."""
        return self._dossiers[self.cast.known]

    async def newly_signed_in(self, worker: str) -> GatewayClient:
        """A connection of its own for a worker who signs in now."""
        http = httpx.AsyncClient(timeout=30, headers={"Accept-Language": "en"})
        client = GatewayClient(self._stage.stack.urls["gateway"], http)
        await client.sign_in(demo_worker(worker).name)
        return client

    async def sign_in(self, worker: str) -> GatewayClient:
        """A worker's connection, identified a short while ago."""
        known = self._signed_in.get(worker)
        if known is not None and time.monotonic() - known[1] < SIGN_IN_AGAIN:
            return known[0]
        client = await self.newly_signed_in(worker)
        if known is not None:
            await known[0].close()
        self._signed_in[worker] = (client, time.monotonic())
        return client

    async def close(self) -> None:
        """Give all connections back."""
        for client, _ in self._signed_in.values():
            await client.close()
        if self.forgotten is not None:
            await self.forgotten.close()

    def whom(self, visit: LookUp, member: str | None) -> tuple[str, Body | None]:
        """The identity code that a look-up types, and the relation that it states."""
        if visit.client is not None:
            return visit.client, None
        if visit.part is None:
            return self.clients.next(member)
        own = demo_worker(visit.worker).identity_code() or ""
        code = own if visit.part == "self" else str(getattr(self.cast, visit.part))
        return code, dict(RELATION) if visit.related else None

    async def look_up(self, visit: LookUp) -> Reply:
        """One look-up as the table says."""
        client = await self.sign_in(visit.worker)
        organisation, member = _behalf(visit, self._stage)
        code, relation = self.whom(visit, member)

        async def ask() -> Reply:
            return await client.look_up(
                code,
                relation=relation,
                emergency=visit.emergency,
                purpose=visit.purpose,
                informed=visit.informed,
                organisation=organisation,
                member=member,
            )

        reply = await self.patiently(visit.worker, visit.when, ask)
        self.expect(visit, reply)
        return reply

    async def patiently(self, worker: str, when: When, ask: Callable[[], Awaitable[Reply]]) -> Reply:
        """Ask, and ask again while the machinery lags behind the demonstration's tight limits: each is a refusal."""
        for _ in range(PATIENCE):
            began = time.perf_counter()
            reply = await ask()
            self.note("look-up", worker, when, reply, began)
            if reply.body.get("rule") not in LAGGING:
                break
            await asyncio.sleep(1)
        return reply

    async def claim(self, visit: Claim, number: int) -> Reply:
        """One registration as the table says."""
        client = await self.sign_in(visit.worker)
        grant = demo_worker(visit.worker).grants[0]
        began = time.perf_counter()
        fields = {
            "idempotency_key": event_id("demo-claim", visit.worker, str(number)).hex,
            "identity_code": self.cast.known if number == 0 else self.clients.next(grant.member)[0],
            "account": f"T-{grant.party}",
            **visit.changes,
        }
        reply = await client.register_claim(**fields)
        if reply.status == HTTPStatus.ACCEPTED:
            reply = await self._receipt(client, str(fields["idempotency_key"]))
        self.note("claim", visit.worker, visit.when, reply, began)
        self.expect(visit, reply)
        if visit.refused_by is None and not self.first_claim:
            self.first_claim = str(reply.body["number"])
        return reply

    async def _receipt(self, client: GatewayClient, key: str) -> Reply:
        replies: list[Reply] = []

        async def answered() -> bool:
            replies.append(await client.claim_status(key))
            return replies[-1].status in {200, 403}

        await until("the receipt of a claim", answered)
        return replies[-1]

    def tell(self, line: str) -> None:
        """Keep a line for the screen."""
        self._tale.told.append(line)

    def note(self, what: str, worker: str, when: str, reply: Reply, began: float) -> None:
        """Remember a request for the screen."""
        rule = reply.body.get("rule")
        self._tale.meetings.append(
            Meeting(
                what,
                worker,
                when,
                reply.status,
                str(rule) if rule else None,
                str(reply.body.get("title") or ""),
                (time.perf_counter() - began) * 1000,
            )
        )

    @staticmethod
    def expect(visit: LookUp | Claim, reply: Reply) -> None:
        """The table's word against what came.

        Raises:
            DemonstrationFailed: they differ.
        """
        rule = reply.body.get("rule")
        if visit.refused_by != rule or (visit.refused_by is None and reply.status not in GRANTED):
            raise DemonstrationFailed(
                f"{visit.worker} expected {visit.refused_by or 'an answer'}, got {reply.status} {rule or reply.kind}: "
                f"{reply.body.get('detail') or ''}"
            )


def _behalf(visit: LookUp, stage: Stage) -> tuple[str | None, str | None]:
    """On whose behalf: the mandate that the visit names, else the worker's first that is valid today."""
    day = stage.clock.now().date() if visit.when == "before" else date(2017, 1, 1)
    grants = demo_worker(visit.worker).grants
    wanted = [grant for grant in grants if visit.member in {None, grant.member} and grant.days.covers(day)]
    if not wanted:
        wanted = list(grants[:1])
    return (business_id(wanted[0].party), wanted[0].member) if wanted else (None, None)


async def visits(desk: Desk, when: When, pause: Callable[[], object] = lambda: None) -> None:
    """All look-ups and claims of one side of midnight, in the order of the tables."""
    for look_up in LOOK_UPS:
        if look_up.when == when:
            await desk.look_up(look_up)
            pause()
    for number, claim in enumerate(CLAIMS):
        if claim.when == when:
            await desk.claim(claim, number)


async def steady(desk: Desk, stage: Stage) -> int:
    """Ordinary look-ups one after the other until midnight has passed; how many."""
    count = 0
    while stage.clock.now() < MIDNIGHT:
        await asyncio.sleep(STEADY_PAUSE)
        when: When = "before"
        worker = ("tampere", "kuopio", "tampere_colleague")[count % 3]
        client = await desk.sign_in(worker)
        code, relation = desk.clients.next(demo_worker(worker).grants[0].member)
        reply = await desk.patiently(worker, when, partial(client.look_up, code, purpose="VERIFY", relation=relation))
        if reply.status not in GRANTED:
            raise DemonstrationFailed(f"an ordinary look-up of {worker} ended with {reply.status} {reply.kind}")
        count += 1
    return count
