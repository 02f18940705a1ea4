"""On which days a municipality exists, as spans: the table of municipalities as the rules need it."""

from datetime import date, timedelta

from services.agreements.domain.records import Record
from services.agreements.domain.refusals import ChangeRefused, refuse
from services.agreements.domain.spans import missing
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


def existence_fault(record: Record, code: str, days: Validity, kind: str) -> ChangeRefused | None:
    """Refuse days on which the municipality does not exist (174 and 442 end with 2016).

    Args:
        record: What is proposed.
        code: Municipality.
        days: On all of these it must exist.
        kind: Kind of record; it decides what is advised when the municipality merged.
    """
    known = existence(code)
    if known is None:
        return refuse(record, "municipality.unknown", code=code)
    gap = missing(days, (known,))
    if gap is None:
        return None
    return existence_ended(record, code, gap, successor(code), kind)


def existence_ended(record: Record, code: str, gap: Validity, heir: str | None, kind: str) -> ChangeRefused:
    """Refuse days on which a municipality is no more; its successor is named where there is one."""
    say = f"/{kind}" if heir else None
    return refuse(record, "municipality.ended", say=say, code=code, days=gap, heir=heir or "")
