"""A figure, its floor and what it must reach."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        name: what was measured.
        value: the figure, in `unit`.
        floor: the bare loop's figure from the same run, or None where the reach is absolute.
        ratio: value / floor.
        reach: what must be reached, in words.
        ok: whether it was.
    """

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    reach: str
    ok: bool

    def line(self) -> str:
        """The figure for people."""
        beside = "" if self.floor is None else f"   floor {_digits(self.floor)}   ratio {self.ratio:.2f}"
        return (
            f"{'ok  ' if self.ok else 'MISS'} {self.name}: {_digits(self.value)} {self.unit}{beside}   ({self.reach})"
        )


_SMALL: Final = 10


def _digits(value: float) -> str:
    """One decimal, but three of a small figure."""
    return f"{value:,.1f}" if value >= _SMALL else f"{value:.3f}"


def at_least(name: str, values: Sequence[float], floors: Sequence[float], unit: str, share: float) -> Figure:
    """A rate that must reach a share of its floor; medians of interleaved runs."""
    value, floor = median(values), median(floors)
    ratio = value / floor
    return Figure(name, value, unit, floor, ratio, f">= {share} x floor", ratio >= share)


def at_most(name: str, value: float, floor: float, unit: str, factor: float) -> Figure:
    """A time that may be a multiple of its floor."""
    return Figure(name, value, unit, floor, value / floor, f"<= {factor} x floor", value <= factor * floor)


def below(name: str, value: float, unit: str, limit: float, floor: float | None = None) -> Figure:
    """A time with an absolute limit; a floor stands beside it for comparison only."""
    ratio = None if floor is None else value / floor
    return Figure(name, value, unit, floor, ratio, f"<= {limit} {unit}", value <= limit)


def alike(name: str, value: float, floor: float, unit: str, share: float) -> Figure:
    """A time that may differ from its floor by a share of it, to either side."""
    ratio = value / floor
    return Figure(name, value, unit, floor, ratio, f"within {share:.0%} of floor", abs(ratio - 1) <= share)


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures as a JSON list."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([asdict(figure) for figure in figures], indent=2) + "\n", encoding="utf-8")
