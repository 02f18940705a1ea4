"""How much the whole way of a look-up can carry, beside a bare Kafka request and reply under the same load."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bench.figures import Figure, at_least

AT_ONCE: Final = 64
"""Asked at the same time, of either."""
SECONDS: Final = 4.0
RUNS: Final = 5
SHARE: Final = 0.15


async def rate(ask: Callable[[], Awaitable[object]]) -> float:
    """Answers per second while so many are always being waited for."""
    begin = time.perf_counter()
    end, done = begin + SECONDS, 0

    async def one_after_another() -> None:
        nonlocal done
        while time.perf_counter() < end:
            await ask()
            done += 1

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return done / (time.perf_counter() - begin)


async def full_load(look_up: Callable[[], Awaitable[object]], bare: Callable[[], Awaitable[object]]) -> Figure:
    """Interleaved runs of both on the same stack."""
    looks, bares = [], []
    for _ in range(RUNS):
        bares.append(await rate(bare))
        looks.append(await rate(look_up))
    return at_least(f"look-ups over the gateway's API, {AT_ONCE} at once", looks, bares, "/s", SHARE)
