"""On which days what a record says holds."""

from datetime import date

from services.agreements.domain.records import Record
from shared.contracts.agreements import (
    AgreementChanged,
    DelegationChanged,
    MandateChanged,
    ResponsibilityChanged,
    UserChanged,
)


def holds_on(record: Record, day: date) -> bool:
    """Whether the record is valid on the day; organisations, paths and population have no days of their own."""
    match record:
        case AgreementChanged() | MandateChanged() | DelegationChanged():
            return record.validity.covers(day)
        case ResponsibilityChanged():
            return record.on(day) is not None
        case UserChanged():
            return record.since <= day
        case _:
            return True
