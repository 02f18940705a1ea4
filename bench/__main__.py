"""`python -m bench`: measure, print, write, and fail when a figure misses its reach."""

import gc
import shutil
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import uvloop

from bench.figures import Figure, write
from bench.ingest import ingest
from bench.surroundings import OUT, ROOT
from deploy.local.stack import LocalStack

BENCHES: Final[Sequence[Callable[[LocalStack], Awaitable[list[Figure]]]]] = (ingest,)


async def measure() -> list[Figure]:
    """Every bench on a stack of its own, started empty."""
    figures: list[Figure] = []
    for bench in BENCHES:
        shutil.rmtree(ROOT, ignore_errors=True)
        async with LocalStack(root=ROOT) as stack:
            for figure in await bench(stack):
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
