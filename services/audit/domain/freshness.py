"""Up to when each partition is covered by the log, from samples of its end and the positions reached.

A partition is covered until the latest instant at which its end was sampled and has since been consumed:
whatever was acknowledged before that instant lay before that end, so it is in the log. Times are of the
system clock.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from shared.freshness import NEVER

Partition = tuple[str, int]
"""Topic and number."""

MOST_SAMPLES: Final = 512
"""Kept per partition while its consumer is behind; beyond it every second one goes: that only claims less."""


@dataclass(frozen=True, slots=True)
class _Track:
    """One partition: how far it is covered, the samples not yet reached, and the position reached."""

    until: datetime = NEVER
    pending: tuple[tuple[int, datetime], ...] = ()
    reached: int = 0

    def sampled(self, at: datetime, end: int) -> "_Track":
        highest = self.pending[-1][0] if self.pending else self.reached
        if at < max(self.until, self.pending[-1][1] if self.pending else NEVER):
            # The clock went back: what it said before says nothing of now, so this partition begins anew.
            return _Track(reached=self.reached).sampled(at, end)
        if end < highest:
            # The partition lost records or was made anew: nothing is claimed of it until somebody has looked.
            return self
        if self.pending and end == highest:
            return _Track(self.until, (*self.pending[:-1], (end, at)), self.reached)
        pending = (*self.pending, (end, at))
        return _Track(self.until, pending if len(pending) <= MOST_SAMPLES else pending[1::2], self.reached)

    def consumed(self, offset: int) -> "_Track":
        done = [at for end, at in self.pending if end <= offset]
        until = max(self.until, done[-1]) if done else self.until
        return _Track(until, self.pending[len(done) :], max(self.reached, offset))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is known of every partition that the log reads. A new process begins with nothing known."""

    tracks: Mapping[Partition, _Track] = field(default_factory=dict)

    def sampled(self, at: datetime, ends: Mapping[Partition, int]) -> "Coverage":
        """With the end offsets that were asked for at this instant, taken before asking."""
        news = {partition: self._track(partition).sampled(at, end) for partition, end in ends.items()}
        return Coverage({**self.tracks, **news})

    def consumed(self, offsets: Mapping[Partition, int]) -> "Coverage":
        """With the next offsets that the log has committed."""
        news = {partition: self._track(partition).consumed(offset) for partition, offset in offsets.items()}
        return Coverage({**self.tracks, **news})

    def until(self, partitions: Iterable[Partition]) -> dict[str, datetime]:
        """Covered-until of each of these by `topic/partition`; `NEVER` where nothing is known yet."""
        return {f"{topic}/{number}": self._track((topic, number)).until for topic, number in sorted(partitions)}

    def _track(self, partition: Partition) -> _Track:
        return self.tracks.get(partition, _Track())
