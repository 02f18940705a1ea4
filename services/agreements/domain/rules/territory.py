"""On which days a municipality exists, as spans: the table of municipalities as the rules need it."""

from datetime import date, timedelta

from shared.contracts.base import Validity
from shared.finnish.municipalities import FIRST_DAY_OF_MERGERS, municipalities

_BEGINNING = date(1900, 1, 1)
"""Before any agreement: the table does not say when a municipality began."""


def existence(code: str) -> Validity | None:
    """Return the days on which the municipality exists, or None when there is no such municipality."""
    known = municipalities().get(code)
    if known is None:
        return None
    if known.successor is None:
        return Validity(first=_BEGINNING)
    return Validity(first=_BEGINNING, last=FIRST_DAY_OF_MERGERS - timedelta(days=1))


def successor(code: str) -> str | None:
    """Return the municipality into which this one merged, or None."""
    known = municipalities().get(code)
    return None if known is None else known.successor
