"""Questions and commands of the records of the agreements service."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.asking.words import IdempotencyKey, Place
from shared.contracts.base import Contract


class RecordChange(Contract):
    """One proposed version of one record of the agreements service."""

    kind: Annotated[str, Field(max_length=40)]
    body: Annotated[str, Field(max_length=100_000)]
    """JSON of the record's contract, its version one above the current one."""


class ChangeRecords(Contract):
    """Change organisations, agreements, mandates, users: all of it or nothing."""

    kind: Literal["change_records"] = "change_records"
    idempotency_key: IdempotencyKey
    changes: Annotated[tuple[RecordChange, ...], Field(min_length=1, max_length=200)]
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class UserSeen(Contract):
    """The asking worker signed in today; an account left idle too long is locked instead."""

    kind: Literal["user_seen"] = "user_seen"


class RecordsQuery(Contract):
    """Records as known at the end of one day and valid on another; None for today."""

    kind: Literal["records_query"] = "records_query"
    record_kind: Annotated[str, Field(max_length=40)]
    record: Annotated[str, Field(max_length=100)] | None = None
    """One record with all its versions, instead of all records."""
    known: date | None = None
    valid: date | None = None
    after: Place | None = None
