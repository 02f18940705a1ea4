"""Registrations of payment claims over the gateway's API: from the due moment to the receipt."""

import asyncio
import time
from datetime import date
from http import HTTPStatus
from itertools import cycle
from statistics import quantiles
from typing import Final

from bench.figures import Figure, below
from deploy.demo.agreements.named import demo_worker
from deploy.demo.client import GatewayClient
from deploy.demo.clients import Clients
from deploy.demo.furnishing import furnish_stage
from deploy.demo.stage import Stage, helsinki_instant
from deploy.demo.visits import ADVANCE
from deploy.local.services import SERVICES
from deploy.local.stack import LOCAL
from shared.ids import event_id

WORKER: Final = "tampere"
CONNECTIONS: Final = 4
RATE: Final = 100
SECONDS: Final = 15
WARM_UP: Final = 400
"""Claims before anything is measured, as of look-ups (`bench.looking_up`)."""
PERSONS: Final = 4_000
"""In the register: enough that every claim is on a client of its own, for a second one would be a duplicate."""
LIMIT: Final = 150


class Claimants:
    """Signed-in workers of one municipality, and a client for each claim that they will make."""

    def __init__(self, connections: list[GatewayClient], codes: list[str]) -> None:
        needed = WARM_UP + RATE * SECONDS
        if len(codes) < needed:
            raise RuntimeError(f"{needed} clients are needed, and the register has {len(codes)}")
        self._connections = cycle(connections)
        self._codes = iter(codes)

    async def register(self) -> None:
        """One claim on a client who has none yet, under a key of its own.

        Raises:
            RuntimeError: no receipt came: the figure would be of something else.
        """
        code = next(self._codes)
        fields = {
            **ADVANCE,
            "idempotency_key": event_id("bench-claim", code).hex,
            "identity_code": code,
            "account": f"T-{demo_worker(WORKER).grants[0].party}",
        }
        reply = await next(self._connections).register_claim(**fields)
        if reply.status != HTTPStatus.CREATED:
            raise RuntimeError(f"a registration ended with {reply.status} {reply.kind} {reply.body.get('title')}")


async def at_rate(claimants: Claimants) -> list[float]:
    """Claims sent on time at a fixed rate, whether or not earlier ones have ended; times since the due start."""
    begin = time.perf_counter()

    async def one(due: float) -> float:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await claimants.register()
        return (time.perf_counter() - due) * 1000

    return list(await asyncio.gather(*(one(begin + n / RATE) for n in range(RATE * SECONDS))))


async def registering() -> list[Figure]:
    """The whole system on a stack of its own."""
    root = LOCAL / "bench"
    begins = helsinki_instant(date(2016, 12, 15), 12)
    async with Stage(root, root.with_name("bench-out"), SERVICES, begins) as stage:
        dossiers = await furnish_stage(stage, PERSONS)
        connections = [GatewayClient(stage.stack.urls["gateway"]) for _ in range(CONNECTIONS)]
        for connection in connections:
            await connection.sign_in(demo_worker(WORKER).name)
        claimants = Claimants(connections, Clients(dossiers).codes)
        for _ in range(WARM_UP // CONNECTIONS):
            await asyncio.gather(*(claimants.register() for _ in range(CONNECTIONS)))
        times = await at_rate(claimants)
        for connection in connections:
            await connection.close()
    name = f"claim registration acknowledged over the gateway's API, p99 at {RATE}/s"
    return [below(name, quantiles(times, n=100)[98], "ms", LIMIT)]
