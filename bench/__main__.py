"""`python -m bench`: measure, print, write, and fail when a figure misses its reach."""

import gc
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import uvloop

from bench.allocating import allocating
from bench.closing import closing
from bench.deciding import deciding
from bench.figures import Figure, write
from bench.ingest import ingest
from bench.log_appending import log_appending
from bench.log_checking import log_checking
from bench.looking_up import looking_up
from bench.own_log import own_logs
from bench.read_model import viewing
from bench.register_feed import register_feed
from bench.registering import registering
from bench.replica import rebuilding
from bench.surroundings import OUT

BENCHES: Final[Sequence[Callable[[], Awaitable[list[Figure]]]]] = (
    deciding,
    ingest,
    closing,
    register_feed,
    rebuilding,
    viewing,
    looking_up,
    own_logs,
    allocating,
    registering,
    log_appending,
    log_checking,
)


async def measure() -> list[Figure]:
    """Every bench on a stack of its own, started empty."""
    figures: list[Figure] = []
    for bench in BENCHES:
        for figure in await bench():
            print(figure.line(), flush=True)
            figures.append(figure)
    return figures


def main() -> int:
    """Run as a command; 1 when a figure misses its reach."""
    # As in a service's process: the floor gets the same treatment, so that the ratio is fair.
    gc.set_threshold(50_000, 20, 50)
    figures = uvloop.run(measure())
    write(figures, OUT)
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
