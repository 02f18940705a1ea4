"""Asking services what they hold of a month or of hours (`counts.asked`), and their answers (each on its own topic).

Nobody trusts a count that was kept apart from what it counts: each service counts its rows when it is asked.
"""

from datetime import date
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from shared.clock.civil import Month
from shared.contracts.base import Contract, Instant

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
"""Of a set of event ids, whatever their order (`shared.counting`)."""


class CountsAsked(Contract):
    """An operator asks what is held of a month's access events and registered claims."""

    ce_type: ClassVar[str] = "kelmu.counts.asked.v1"

    ask: UUID
    month: Month
    time: Instant
    """System clock."""


class AgreementCount(Contract):
    """What is held of one agreement on one day."""

    agreement: str
    """Empty for events that name none."""
    count: Annotated[int, Field(ge=1)]
    digest: Digest


class DayCounted(Contract):
    """What one service holds of one Finnish day. A month is answered when each of its days is, the empty ones too."""

    ce_type: ClassVar[str] = "kelmu.counts.day.v1"

    ask: UUID
    service: Literal["audit", "billing"]
    day: date
    counts: tuple[AgreementCount, ...]


class HoursAsked(Contract):
    """The log asks what is held of these hours: it compares closed hours all the time."""

    ce_type: ClassVar[str] = "kelmu.counts.hours_asked.v1"

    ask: UUID
    hours: Annotated[tuple[Instant, ...], Field(min_length=1, max_length=200)]
    """The beginning of each, a whole hour of UTC."""
    time: Instant
    """System clock."""


class HourCounted(Contract):
    """What one service holds of one hour, and how far it had read when it counted."""

    ce_type: ClassVar[str] = "kelmu.counts.hour.v1"

    ask: UUID
    service: Literal["billing", "lookup", "claims"]
    hour: Instant
    counts: tuple[AgreementCount, ...]
    read: dict[str, Annotated[int, Field(ge=0)]]
    """The next offset of each partition, by `topic/partition`: what lies beyond is no gap, it is under way. Empty where
    the service counts what it told itself: that is kept before it is published."""
