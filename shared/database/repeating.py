"""Work that a process does again and again as long as it lives, and that waits for a database that is away."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, NoReturn

from structlog.stdlib import BoundLogger

from shared.database.errors import classify

SOON_SECONDS: Final = 5.0
"""After an outage, work that is done seldom is not put off until its next time."""


async def again_and_again(
    work: Callable[[], Awaitable[object]],
    every: float,
    log: BoundLogger,
    waits: str,
    *,
    outages: tuple[type[Exception], ...] = (),
) -> NoReturn:
    """Do the work now and then every so many seconds; an outage is told and tried again soon.

    Any other failure is raised: what runs in a process's background ends it loudly.

    Args:
        work: What is done; begun anew after a failure, so it leaves nothing half done.
        every: Seconds between the end of one time and the next.
        log: Told of outages.
        waits: As what.
        outages: What is an outage besides those of the database.
    """
    while True:
        pause = every
        try:
            await work()
        except Exception as error:
            if not isinstance(error, outages) and classify(error) != "transient":
                raise
            log.warning(waits, reason=type(error).__name__)
            pause = min(every, SOON_SECONDS)
        await asyncio.sleep(pause)
