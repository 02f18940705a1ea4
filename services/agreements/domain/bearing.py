"""Who bears whom: what fees and mandates rest on, and the days on which nobody does (golden R10)."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.agreements.domain.spans import missing
from services.agreements.domain.state import Bearing, State
from shared.contracts.base import Validity


@dataclass(frozen=True, slots=True)
class Gap:
    """Days on which no agreement bears the municipality; the first such run within the period asked for."""

    municipality: str
    days: Validity


def bearers(state: State, municipality: str) -> tuple[Bearing, ...]:
    """Return who bears the municipality, in order of days."""
    return tuple(sorted(state.bearings(municipality), key=lambda bearing: bearing.days.first))


def gaps(state: State, municipalities: Iterable[str], period: Validity) -> tuple[Gap, ...]:
    """Return each municipality that nobody bears on some day of the period.

    A single change cannot be refused for a gap: one agreement ends in one version and the next begins in
    another. Operators ask this after a load, before a period is invoiced.
    """
    return tuple(
        Gap(code, days)
        for code in municipalities
        if (days := missing(period, (bearing.days for bearing in state.bearings(code)))) is not None
    )
