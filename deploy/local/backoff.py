"""How long to wait before a restart: exponential, capped, with full jitter on the upper half."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Delays between restarts.

    The first restart is nearly immediate, because a single crash is what a restart is for. A process that
    stayed up for `calm` seconds starts counting anew.

    Attributes:
        first: upper bound of the first delay, in seconds.
        factor: growth per further failure.
        cap: longest upper bound, in seconds.
        calm: seconds of uptime after which earlier failures are forgotten.
    """

    first: float = 0.1
    factor: float = 2.0
    cap: float = 10.0
    calm: float = 30.0

    def delay(self, failures: int, chance: float | None = None) -> float:
        """Seconds to wait after the `failures`-th failure in a row (from 1).

        Args:
            failures: how many times in a row the process has ended by itself.
            chance: a number in [0, 1) that decides the jitter; drawn when not given.
        """
        bound: float = min(self.cap, self.first * self.factor ** min(failures - 1, 32))
        drawn = random.SystemRandom().random() if chance is None else chance
        return bound / 2 + bound / 2 * drawn
