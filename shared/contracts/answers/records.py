"""Answers about the records of the agreements service."""

from typing import Literal

from shared.contracts.base import Contract, Instant, Text


class ChangesDone(Contract):
    """Records were changed, or stood so already."""

    kind: Literal["changes_done"] = "changes_done"
    changed: int
    unchanged: int


class ChangeFault(Contract):
    """Why one record was not changed; none of the list was then."""

    record: str
    code: str
    reason: Text
    advice: Text


class ChangesRefused(Contract):
    """At least one record was refused, so nothing was changed."""

    kind: Literal["changes_refused"] = "changes_refused"
    faults: tuple[ChangeFault, ...]


class RecordVersion(Contract):
    """One version of a record with its history: since when known, by whom, why."""

    kind: str
    id: str
    version: int
    body: str
    recorded_at: Instant
    actor: str
    reason: str


class RecordsFound(Contract):
    """One page of records."""

    kind: Literal["records_found"] = "records_found"
    rows: tuple[RecordVersion, ...]
    next: str | None
