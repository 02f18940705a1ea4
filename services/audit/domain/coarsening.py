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


def coarsen(parts: Mapping[str, Counted], grain: Grain, hidden: Mapping[str, Shown] | None = None) -> dict[str, Shown]:
    """The parts of a whole, and the whole under `EVERYTHING`, so that no small count can be worked out.

    Args:
        parts: The parts; together they are the whole. One person may stand behind several.
        grain: How coarse.
        hidden: Parts to hide though they are not small, because something shown elsewhere would tell them, each with
            the band in which it is told elsewhere.
    """
    total = sum(part.count for part in parts.values())
    shown = {key: Shown.exactly(part.count) for key, part in parts.items()} | {EVERYTHING: Shown.exactly(total)}
    elsewhere = hidden or {}
    bands = {key: elsewhere.get(key) or grain.band(part.count) for key, part in parts.items() if part.count}
    chosen = {key for key in bands if key in elsewhere or grain.is_small(parts[key])}
    if not chosen:
        return shown
    # The least counts go first: they lose least.
    others = sorted((parts[key].count, key) for key in bands.keys() - chosen)
    while not _holds(chosen, parts, bands) and others:
        chosen.add(others.pop(0)[1])
    told = shown | {key: bands[key] for key in chosen}
    return told if _holds(chosen, parts, bands) else told | {EVERYTHING: _whole(bands, grain.band(total))}


def banded(parts: Mapping[str, Counted], grain: Grain, hidden: Mapping[str, Shown] | None = None) -> dict[str, Shown]:
    """The parts of a whole that must not be told exactly: none of them is, nor are they together.

    Args:
        parts: The parts.
        grain: How coarse.
        hidden: Bands in which parts are told elsewhere.
    """
    elsewhere, nothing = hidden or {}, Shown.exactly(0)
    bands = {key: elsewhere.get(key) or grain.band(part.count) for key, part in parts.items() if part.count}
    whole = _whole(bands, grain.band(sum(part.count for part in parts.values()))) if bands else nothing
    return {key: bands.get(key, nothing) for key in parts} | {EVERYTHING: whole}


def possible(shown: Mapping[str, Shown]) -> Shown:
    """What a whole may be for somebody who knows how it and its parts are shown."""
    parts = [band for key, band in shown.items() if key != EVERYTHING]
    whole = shown[EVERYTHING]
    least, most = sum(band.least for band in parts), sum(band.most for band in parts)
    return Shown(max(whole.least, least), min(whole.most, most))


def _whole(bands: Mapping[str, Shown], band: Shown) -> Shown:
    """The band of a whole of which all parts are bands: so wide that it pushes none of them to its end."""
    least, most = sum(one.least for one in bands.values()), sum(one.most for one in bands.values())
    return Shown(min(band.least, most - 1), max(band.most, least + 1))


def _holds(hidden: set[str], parts: Mapping[str, Counted], bands: Mapping[str, Shown]) -> bool:
    """Whether each hidden count may still be more than one, for somebody who knows their sum and their bands."""
    known = sum(parts[key].count for key in hidden)
    least, most = sum(bands[key].least for key in hidden), sum(bands[key].most for key in hidden)
    return all(
        max(band.least, known - (most - band.most)) < min(band.most, known - (least - band.least))
        for band in (bands[key] for key in hidden)
    )
