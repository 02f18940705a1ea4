"""Whether Kafka, the log, billing and those who told them hold the same events of an hour. Pure.

An event belongs to the hour of its own time, however late it comes: an hour that was compared is compared again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
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
OWN: Final = ("lookup", "claims")
"""Services that keep an account of what they tell themselves."""
OWN_KEPT: Final = timedelta(days=7)
"""For so long after an hour they are asked for it: a day later they let go of it."""

Position = tuple[str, int]


class State(StrEnum):
    """Where an hour and agreement stands."""

    WAITING = "waiting"
    """The log holds what Kafka holds; not everybody who was asked has answered."""
    OK = "ok"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found of one hour and agreement.

    Attributes:
        agreement: Empty for events that name none.
        published: Events that Kafka holds.
        held: How many each service holds; without those who have not answered.
        missing: Ids that a service does not hold, as far as they can be told.
        extra: Ids that a service holds and Kafka does not, as far as they can be told.
        differs: Whether any service holds something else than Kafka.
        waits: Whether an answer is awaited still, beside billing's.
        untold: How many events those who told them hold beyond Kafka.
    """

    agreement: str
    published: int
    held: Mapping[str, int]
    missing: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    extra: Mapping[str, tuple[UUID, ...]] = field(default_factory=dict)
    differs: bool = False
    waits: bool = False
    untold: int = 0

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.differs:
            return State.GAP
        return State.OK if BILLING in self.held and not self.waits else State.WAITING


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


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a service told of an hour, by agreement: as it stands on Kafka, and as the service kept it."""

    published: Mapping[str, Collection[UUID]]
    held: Mapping[str, Held]


def with_own(
    hour: datetime, found: Collection[Compared], own: Mapping[str, OwnAccount], *, waits: bool
) -> list[Compared]:
    """What was found of an hour, with the own accounts of the services that told the events.

    Args:
        hour: Its beginning.
        found: What comparing Kafka, the log and billing brought.
        own: Accounts of the services that have answered.
        waits: Whether another is awaited.
    """
    known = {one.agreement: replace(one, waits=waits) for one in found}
    services = {name for one in found for name in one.held} | {AUDIT}
    for service, account in own.items():
        known = {name: replace(one, held={**one.held, service: 0}) for name, one in known.items()}
        for one in compare(hour, account.published, {service: account.held}):
            before = known.get(one.agreement, Compared(one.agreement, 0, dict.fromkeys(services, 0), waits=waits))
            known[one.agreement] = replace(
                before,
                held={**before.held, **one.held},
                missing={**before.missing, **one.missing},
                extra={**before.extra, **one.extra},
                differs=before.differs or one.differs,
                untold=before.untold + max(one.held[service] - one.published, 0),
            )
    return [known[name] for name in sorted(known)]


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
