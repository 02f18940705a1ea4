"""Which records can be shared out at all; the others are errors at their source.

The bounds are assumed: no payment or claim of Kela is for more than ten years, and no day of a record lies outside the
calendars that the service keeps. Pure.
"""

from datetime import date
from typing import Final, Literal

from shared.finnish.benefits import benefits

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2200, 12, 31)
LONGEST_YEARS: Final = 10

Fault = Literal["benefit", "reversed", "implausible", "too_long"]
REASONS: Final[dict[Fault, str]] = {
    "benefit": "the record names a benefit that this release does not know",
    "reversed": "the record's period ends before it begins",
    "implausible": f"a day of the record lies outside {EARLIEST.year}-{LATEST.year}",
    "too_long": f"the record's period is longer than {LONGEST_YEARS} years",
}


def record_fault(benefit: str, first: date | None, last: date | None, *days: date) -> Fault | None:
    """Why a record cannot be shared out; None when it can.

    Args:
        benefit: Its benefit.
        first: First day of its period.
        last: Last day of its period; None: open.
        days: Its other days.
    """
    if benefit not in benefits():
        return "benefit"
    if any(not EARLIEST <= day <= LATEST for day in (first, last, *days) if day is not None):
        return "implausible"
    if first is None or last is None:
        return None
    return "reversed" if last < first else None


def period_fault(benefit: str, first: date, last: date | None, *days: date) -> Fault | None:
    """The same of a payment or a claim, whose closed period is not longer than any can be.

    A decision may run on for longer: a pension is granted for decades.
    """
    fault = record_fault(benefit, first, last, *days)
    if fault is not None or last is None:
        return fault
    too_long = (last.year - first.year, last.month, last.day) >= (LONGEST_YEARS, first.month, first.day)
    return "too_long" if too_long else None
