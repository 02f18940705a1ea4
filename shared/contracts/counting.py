"""Asking every service what it holds of a month, and what it answers (`counts.asked`, and each service's own topic).

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
