"""Whether Kafka, the log and billing hold the same events of an hour. Pure.

An event belongs to the hour of its own time, however late it comes: an hour that was compared is compared again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.counting import Held, Place, differences

HOUR: Final = timedelta(hours=1)
GRACE: Final = timedelta(minutes=5)
"""How long after its end an hour is left alone: what is on its way would only be compared twice."""
MOST_HOURS: Final = 48
"""New hours entered at once; a clock that was moved far ahead makes no thousands of empty ones."""
AUDIT: Final = "audit"
BILLING: Final = "billing"

Position = tuple[str, int]


class State(StrEnum):
    """Where an hour and agreement stands."""

    WAITING = "waiting"
    """The log holds what Kafka holds; billing has not answered."""
    OK = "ok"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found of one hour and agreement.

    Attributes:
        agreement: Empty for events that name none.
        published: Events that Kafka holds.
        held: How many each service holds; without billing until it has answered.
        missing: Ids that a service does not hold, as far as they can be told.
        extra: Ids that a service holds and Kafka does not, as far as they can be told.
        differs: Whether any service holds something else than Kafka.
    """

    agreement: str
    published: int
    held: Mapping[str, int]
    missing: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    extra: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    differs: bool = False

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.differs:
            return State.GAP
        return State.OK if BILLING in self.held else State.WAITING


def hour_of(time: datetime) -> datetime:
    """The beginning of the hour of UTC in which an instant lies."""
    return time.replace(minute=0, second=0, microsecond=0)


def closed_before(now: datetime) -> datetime:
    """Hours that began before this are closed.

    Args:
        now: Business clock.
    """
    return hour_of(now - GRACE)


def new_hours(newest: datetime | None, now: datetime) -> list[datetime]:
    """Closed hours that were not entered yet, the oldest first: each is compared, the empty ones too.

    Args:
        newest: The newest closed hour that is known.
        now: Business clock.
    """
    last = closed_before(now) - HOUR
    first = last if newest is None else max(newest + HOUR, last - (MOST_HOURS - 1) * HOUR)
    return [first + n * HOUR for n in range(max(0, round((last - first) / HOUR) + 1))]


def reached(positions: Mapping[Position, int], wanted: Mapping[Position, int]) -> bool:
    """Whether somebody who stands at these positions has read all that was wanted."""
    return all(positions.get(place, 0) >= offset for place, offset in wanted.items())


def compare(
    hour: datetime, published: Mapping[str, Collection[UUID]], held: Mapping[str, Mapping[str, Held]]
) -> list[Compared]:
    """Compare one hour, agreement by agreement.

    Args:
        hour: Its beginning.
        published: Ids on Kafka, by agreement.
        held: What each service holds, by service and agreement.
    """
    ids: dict[Place, frozenset[UUID]] = {(hour, agreement): frozenset(found) for agreement, found in published.items()}
    places: dict[str, dict[Place, Held]] = {
        service: {(hour, name): one for name, one in found.items()} for service, found in held.items()
    }
    differing = {one.place[1]: one for one in differences(ids, places)}
    compared = []
    for name in sorted(set(published).union(*held.values())):
        counts = {service: of.get(name, Held()).count for service, of in held.items()}
        one = differing.get(name)
        if one is None:
            compared.append(Compared(name, len(published.get(name, ())), counts))
        else:
            compared.append(Compared(name, one.published, counts, one.missing, one.extra, differs=True))
    return compared
