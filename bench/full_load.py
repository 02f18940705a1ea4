"""How much the whole way of a look-up can carry, beside bare Kafka requests and replies one after the other.

The floor is one asker that waits for each reply: what a request over Kafka costs when nothing else is done. Askers side
by side would be a floor of Kafka's batching, which a look-up's log, gate, database and page cannot share.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bench.figures import Figure, at_least

AT_ONCE: Final = 64
"""Look-ups asked at the same time."""
SECONDS: Final = 4.0
RUNS: Final = 5
SHARE: Final = 0.15


async def rate(ask: Callable[[], Awaitable[object]], at_once: int) -> float:
    """Answers per second while so many are always being waited for."""
    begin = time.perf_counter()
    end, done = begin + SECONDS, 0

    async def one_after_another() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await ask()
            done += 1

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return done / (time.perf_counter() - begin)


async def full_load(look_up: Callable[[], Awaitable[object]], bare: Callable[[], Awaitable[object]]) -> Figure:
    """Interleaved runs of both on the same stack."""
    looks, bares = [], []
    for _ in range(RUNS):
        bares.append(await rate(bare, 1))
        looks.append(await rate(look_up, AT_ONCE))
    return at_least(f"look-ups over the gateway's API, {AT_ONCE} at once", looks, bares, "/s", SHARE)
