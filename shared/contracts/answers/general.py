"""What any question may be answered with: a refusal, or that something broke."""

from typing import Literal
from uuid import UUID

from shared.contracts.base import Contract, Refusal


class Refused(Contract):
    """A refusal, logged, with what to do next."""

    kind: Literal["refused"] = "refused"
    refusal: Refusal
    event: UUID | None = None
    """Id of the event that tells of the refusal in the log."""


class Failed(Contract):
    """Something broke. Nothing was shown; `retry` says whether asking again makes sense."""

    kind: Literal["failed"] = "failed"
    code: str
    reason: str
    retry: bool


class Noted(Contract):
    """What was told has been taken note of; there is nothing to show."""

    kind: Literal["noted"] = "noted"
