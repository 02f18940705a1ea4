"""Periods with open ends."""

from datetime import date

Period = tuple[date | None, date | None]
"""First and last day, both included; None: without such an end."""


def meet(one: Period, other: Period) -> bool:
    """Whether two periods share a day."""
    (first, last), (other_first, other_last) = one, other
    return (last is None or other_first is None or other_first <= last) and (
        other_last is None or first is None or first <= other_last
    )
