"""On which days a municipality exists, as spans: the table of municipalities as the rules need it."""

from datetime import date, timedelta

from services.agreements.domain.records import Record
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.spans import describe, missing
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


def existence_fault(record: Record, code: str, days: Validity, heir_advice: str) -> ChangeRefused | None:
    """Refuse days on which the municipality does not exist (174 and 442 end with 2016).

    Args:
        record: What is proposed.
        code: Municipality.
        days: On all of these it must exist.
        heir_advice: What to do when it merged, before the successor's code.
    """
    known = existence(code)
    if known is None:
        return refuse(
            record,
            "municipality.unknown",
            f"There is no municipality {code}.",
            "Look the number up in the list of municipalities.",
        )
    gap = missing(days, (known,))
    if gap is None:
        return None
    heir = successor(code)
    return refuse(
        record,
        "municipality.ended",
        f"Municipality {code} does not exist {describe(gap)}.",
        f"{heir_advice} {heir}." if heir else "Correct the dates.",
    )
