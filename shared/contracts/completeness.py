"""What the log tells of itself (`audit.alerts`): gaps found and closed, personal parts erased. Nothing personal."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.clock.civil import Month
from shared.contracts.base import Contract, Instant

Count = Annotated[int, Field(ge=0)]


class GapFound(Contract):
    """Of one hour and agreement, Kafka, the log and billing do not hold the same events (aukko)."""

    ce_type: ClassVar[str] = "kelmu.audit.gap_found.v1"

    hour: Instant
    """Its beginning; by event time."""
    agreement: str
    """Empty for events that name none."""
    time: Instant
    """Business clock."""
    published: Count
    """Events that Kafka holds."""
    held: dict[str, Count]
    """How many of each service."""
    missing: dict[str, tuple[UUID, ...]]
    """Ids that a service does not hold, as far as they can be told."""
    extra: dict[str, tuple[UUID, ...]]
    """Ids that a service holds and Kafka does not, as far as they can be told."""


class GapClosed(Contract):
    """A gap is closed: all hold the same again, because something came late or was replayed."""

    ce_type: ClassVar[str] = "kelmu.audit.gap_closed.v1"

    hour: Instant
    agreement: str
    time: Instant
    """Business clock."""
    published: Count


class PersonalPartsErased(Contract):
    """Keys of personal parts were destroyed, their time (säilytysaika) being over. The log stays verifiable."""

    ce_type: ClassVar[str] = "kelmu.audit.personal_parts_erased.v1"

    month: Month
    """Of the events."""
    keys: Annotated[int, Field(ge=1)]
    """How many keys: one of each client, and of each page of a list."""
    years: Annotated[int, Field(ge=1)]
    """The retention that was set."""
    time: Instant
    """Business clock."""
    reason: Literal["retention"] = "retention"
