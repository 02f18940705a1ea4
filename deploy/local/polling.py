"""Waiting for what another process does and tells nobody."""

import asyncio
from collections.abc import Awaitable, Callable


async def polled(probe: Callable[[], Awaitable[bool]], every: float) -> None:
    """Ask every so many seconds until the answer is yes; the deadline is the caller's."""
    while True:
        if await probe():
            return
        await asyncio.sleep(every)
