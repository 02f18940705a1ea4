"""Look-ups end to end over the gateway's API, audit included, beside a bare Kafka request and reply."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from http import HTTPStatus
from statistics import median, quantiles
from typing import Final

from bench import person_page
from bench.echo import Asker, create_topics
from bench.figures import Figure, at_most, below
from bench.full_load import full_load
from bench.surroundings import CHECKOUT
from deploy.demo.agreements.named import demo_worker
from deploy.demo.client import GatewayClient
from deploy.demo.clients import RELATION, Clients
from deploy.demo.furnishing import furnish_stage
from deploy.demo.stage import Stage, helsinki_instant
from deploy.local.services import SERVICES
from deploy.local.stack import LOCAL

PERSONS: Final = 300
PAIRS: Final = 300
RATE: Final = 100
SECONDS: Final = 15
WARM_UP: Final = 400
"""Look-ups before anything is measured: a JVM and caches that have just started are not what workers meet."""
BODY: Final = b"x" * 600
WORKERS: Final = ("tampere", "kuopio", "juankoski", "tampere_colleague")


@asynccontextmanager
async def echo(kafka: str) -> AsyncIterator[Asker]:
    """The bare pair: an echo process, and an asker here."""
    await create_topics(kafka)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.echo", kafka, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE
    )
    if process.stdout is None:
        raise RuntimeError("the echo process has no output")
    await process.stdout.readline()
    asker = await Asker.connected(kafka)
    try:
        yield asker
    finally:
        await asker.close()
        process.terminate()
        await process.wait()


async def timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds that something takes."""
    start = time.perf_counter()
    await ask()
    return (time.perf_counter() - start) * 1000


class Crowd:
    """Signed-in workers, and people to look up."""

    def __init__(self, connections: list[GatewayClient], codes: list[str]) -> None:
        self._connections = connections
        self.codes = codes
        self._turn = 0

    async def look_up(self) -> None:
        """One granted look-up.

        Raises:
            RuntimeError: it was not granted: the figure would be of something else.
        """
        self._turn += 1
        connection = self._connections[self._turn % len(self._connections)]
        code = self.codes[self._turn % len(self.codes)]
        reply = await connection.look_up(code, purpose="VERIFY", relation=dict(RELATION))
        if reply.status != HTTPStatus.OK:
            raise RuntimeError(f"a look-up ended with {reply.status} {reply.kind}")


async def interleaved(crowd: Crowd, asker: Asker) -> tuple[list[float], list[float]]:
    """Look-ups and bare requests in turn, one at a time."""
    looks, bares = [], []
    for _ in range(PAIRS):
        bares.append(await timed(lambda: asker.ask(BODY)))
        looks.append(await timed(crowd.look_up))
    return looks, bares


async def at_rate(ask: Callable[[], Awaitable[object]], rate: int) -> list[float]:
    """Requests started on time at a fixed rate, whether or not earlier ones have ended; times since the due start."""
    begin = time.perf_counter()

    async def one(due: float) -> float:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await ask()
        return (time.perf_counter() - due) * 1000

    return list(await asyncio.gather(*(one(begin + n / rate) for n in range(rate * SECONDS))))


async def pages(address: str, codes: list[str]) -> list[float]:
    """Times of the person's page in HTML, at its own rate."""
    readers = await person_page.Readers.signed_in(address, [demo_worker(one).name for one in WORKERS], codes)
    for _ in range(WARM_UP // 8):
        await asyncio.gather(*(readers.show() for _ in range(2)))
    times = await at_rate(readers.show, person_page.RATE)
    await readers.close()
    return times


async def looking_up() -> list[Figure]:
    """The whole system on a stack of its own."""
    root = LOCAL / "bench"
    begins = helsinki_instant(date(2016, 12, 15), 12)
    async with Stage(root, root.with_name("bench-out"), SERVICES, begins) as stage, echo(stage.stack.kafka) as asker:
        dossiers = await furnish_stage(stage, PERSONS)
        connections = [GatewayClient(stage.stack.urls["gateway"]) for _ in WORKERS]
        for connection, worker in zip(connections, WORKERS, strict=True):
            await connection.sign_in(demo_worker(worker).name)
        crowd = Crowd(connections, Clients(dossiers).codes)
        for _ in range(WARM_UP // 4):
            await asyncio.gather(*(crowd.look_up() for _ in range(4)), asker.ask(BODY))
        looks, bares = await interleaved(crowd, asker)
        loaded_times = await at_rate(crowd.look_up, RATE)
        page_times = await pages(stage.stack.urls["gateway"], crowd.codes)
        full = await full_load(crowd.look_up, lambda: asker.ask(BODY))
        for connection in connections:
            await connection.close()
    return [
        at_most("look-up over the gateway's API, p50", median(looks), median(bares), "ms", 10),
        below(f"look-up at {RATE} requests/s, p99", quantiles(loaded_times, n=100)[98], "ms", 150),
        below(
            f"person's page in HTML at {person_page.RATE} requests/s, p99",
            quantiles(page_times, n=100)[98],
            "ms",
            person_page.REACH_MS,
        ),
        full,
    ]
