"""Waiting between attempts: exponential, with jitter, so that a recovering server is not met by a stampede."""

import asyncio
import random


class Backoff:
    """Delays of 0.05 s, 0.1 s … up to 5 s, each shortened by up to half at random."""

    FIRST = 0.05
    MOST = 5.0

    def __init__(self) -> None:
        self._delay = self.FIRST

    def reset(self) -> None:
        """Begin again with the shortest delay: something worked."""
        self._delay = self.FIRST

    def next(self) -> float:
        """The next delay in seconds."""
        delay, self._delay = self._delay, min(self._delay * 2, self.MOST)
        return delay * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, not a secret

    async def wait(self, until: asyncio.Event | None = None) -> None:
        """Wait one delay, or less when the event comes first."""
        if until is None:
            await asyncio.sleep(self.next())
            return
        try:
            async with asyncio.timeout(self.next()):
                await until.wait()
        except TimeoutError:
            return
