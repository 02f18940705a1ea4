"""The brake on quarantine: a bad release must not send every message there (invariant 3)."""

from collections import deque
from typing import Final

WINDOW: Final = 5_000
"""Records looked back on, rounded up to whole batches."""
LEAST: Final = 50
"""Fewer quarantined records than this never stop a consumer."""
SHARE: Final = 0.01


class Braked(Exception):
    """Too much would be quarantined: the consumer stops and says so. An operator mends the release and restarts."""


class Brake:
    """Counts what went well and what would be quarantined over the last 5,000 records."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, int]] = deque()
        self._total = 0
        self._bad = 0

    def record(self, good: int, bad: int) -> None:
        """Count a batch's outcome.

        Raises:
            Braked: with this batch, at least 50 records and more than 1 % of the window would be quarantined.
        """
        total, bad_after = self._total + good + bad, self._bad + bad
        if bad and bad_after >= LEAST and bad_after > SHARE * total:
            raise Braked(
                f"{bad_after} of the last {total} records would be quarantined: "
                "probably a bad release, not bad messages"
            )
        self._batches.append((good + bad, bad))
        self._total, self._bad = total, bad_after
        while self._batches and self._total - self._batches[0][0] >= WINDOW:
            old, old_bad = self._batches.popleft()
            self._total -= old
            self._bad -= old_bad
