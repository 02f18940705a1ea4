"""Figures without persons: a count that stands on too few people is given as a range, and cannot be worked out again.

A count in a small municipality can be one person's: "refused: 3" among two workers says who was refused to anybody who
knows them. Such a count is given as the band it lies in. Because the parts of a whole are shown beside it, hiding one
part alone would hide nothing (the rest gives it away), so more parts of the same whole are given as bands until each
of the few people's counts has at least two values that fit everything shown; where that cannot be reached, the whole
itself is given as a band.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

EVERYTHING: Final = "total"
"""Key of the whole among its parts."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count, and how many different people stand behind it."""

    count: int
    people: int


@dataclass(frozen=True, slots=True, order=True)
class Shown:
    """What a reader is shown: the count itself when both are equal, else the least and the most it may be."""

    least: int
    most: int

    @classmethod
    def exactly(cls, count: int) -> "Shown":
        """The count as it is."""
        return cls(count, count)

    @property
    def exact(self) -> int | None:
        """The count; None when it is given as a band."""
        return self.least if self.least == self.most else None


@dataclass(frozen=True, slots=True)
class Grain:
    """How coarse: fewer than `people` behind a count make it a band of `width` figures."""

    people: int
    width: int

    def is_small(self, counted: Counted) -> bool:
        """Whether the count points to few people; nothing counted points to nobody."""
        return counted.count > 0 and counted.people < self.people

    def band(self, count: int) -> Shown:
        """The band: 1-9, 10-19 and so on for a width of ten. None holds zero: that nothing was, is no secret."""
        least = count - count % self.width
        return Shown(max(least, 1), least + self.width - 1)

    def alone(self, counted: Counted) -> Shown:
        """A count that is part of no whole that is shown."""
        return self.band(counted.count) if self.is_small(counted) else Shown.exactly(counted.count)


def coarsen(parts: Mapping[str, Counted], grain: Grain, also: frozenset[str] = frozenset()) -> dict[str, Shown]:
    """The parts of a whole, and the whole under `EVERYTHING`, so that no small count can be worked out.

    Args:
        parts: The parts; together they are the whole. One person may stand behind several.
        grain: How coarse.
        also: Parts to hide though they are not small, because something shown elsewhere would tell them.
    """
    total = sum(part.count for part in parts.values())
    shown = {key: Shown.exactly(part.count) for key, part in parts.items()} | {EVERYTHING: Shown.exactly(total)}
    hidden = {key for key, part in parts.items() if part.count and (key in also or grain.is_small(part))}
    if not hidden:
        return shown
    # The least counts go first: they lose least.
    others = sorted((part.count, key) for key, part in parts.items() if part.count and key not in hidden)
    while not _holds(hidden, parts, grain) and others:
        hidden.add(others.pop(0)[1])
    if not _holds(hidden, parts, grain):
        shown[EVERYTHING] = grain.band(total)
    return shown | {key: grain.band(parts[key].count) for key in hidden}


def banded(parts: Mapping[str, Counted], grain: Grain) -> dict[str, Shown]:
    """The parts of a whole that must not be told exactly: none of them is, nor are they together."""
    total = sum(part.count for part in parts.values())
    shown = {key: grain.band(part.count) if part.count else Shown.exactly(0) for key, part in parts.items()}
    return shown | {EVERYTHING: grain.band(total) if total else Shown.exactly(0)}


def _holds(hidden: set[str], parts: Mapping[str, Counted], grain: Grain) -> bool:
    """Whether each hidden count may still be more than one, for somebody who knows their sum and their bands."""
    bands = {key: grain.band(parts[key].count) for key in hidden}
    known = sum(parts[key].count for key in hidden)
    least, most = sum(band.least for band in bands.values()), sum(band.most for band in bands.values())
    return all(
        max(band.least, known - (most - band.most)) < min(band.most, known - (least - band.least))
        for band in bands.values()
    )
