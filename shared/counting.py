"""Counting sets of events so that two parties can compare them without sending the sets. Pure.

The digest is the sum of both halves of the ids, each modulo 2**64: it does not depend on order, is cheap in SQL and in
Python, and a difference of one event is that event's id.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, Self
from uuid import UUID

from shared.clock.civil import helsinki_date
from shared.contracts.access import AccessDecided, AccessReversed
from shared.contracts.base import Contract
from shared.contracts.claims import ClaimRegistered
from shared.contracts.counting import AgreementCount, CountsAsked, DayCounted

COUNTED: Final = (AccessDecided, AccessReversed, ClaimRegistered)
"""What is counted: each of these has an effect on usage, and each is an entry of the log."""
_HALF: Final = 64
_MASK: Final = (1 << _HALF) - 1

Place = tuple[date, str]
"""A Finnish day and an agreement; the agreement is empty where none is named."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many events are held, and the sum of the halves of their ids."""

    count: int = 0
    high: int = 0
    low: int = 0

    @classmethod
    def sums(cls, count: int, high: int, low: int) -> Self:
        """From sums as SQL makes them: of signed halves, without a modulus."""
        return cls(count, high & _MASK, low & _MASK)

    @classmethod
    def of(cls, ids: Iterable[UUID]) -> Self:
        """Of distinct ids."""
        count = high = low = 0
        for one in ids:
            count += 1
            high += one.int >> _HALF
            low += one.int & _MASK
        return cls.sums(count, high, low)

    @classmethod
    def read(cls, count: int, digest: str) -> Self:
        """From a count and digest as published."""
        value = int(digest, 16)
        return cls(count, value >> _HALF, value & _MASK)

    @property
    def digest(self) -> str:
        """32 hex digits."""
        return f"{self.high:016x}{self.low:016x}"

    def minus(self, other: "Held") -> UUID:
        """The one id that this set holds beyond the other, if it is just one; else a meaningless id."""
        return UUID(int=(((self.high - other.high) & _MASK) << _HALF) | ((self.low - other.low) & _MASK))


@dataclass(frozen=True, slots=True)
class Difference:
    """An agreement and day on which not all hold the same.

    Attributes:
        place: Which.
        published: How many events Kafka holds.
        held: How many each service holds.
        missing: Ids that a service does not hold, as far as they can be told.
        extra: Ids that a service holds and Kafka does not, as far as they can be told.
    """

    place: Place
    published: int
    held: Mapping[str, int]
    missing: Mapping[str, tuple[UUID, ...]]
    extra: Mapping[str, tuple[UUID, ...]]


def answer_of(asked: CountsAsked, service: Literal["audit", "billing"], held: Mapping[Place, Held]) -> list[DayCounted]:
    """What a service answers: one message a day of the month, also where it holds nothing."""
    days = [asked.month.first + timedelta(days=n) for n in range(asked.month.length)]
    return [
        DayCounted(
            ask=asked.ask,
            service=service,
            day=day,
            counts=counts_of({agreement: one for (counted, agreement), one in held.items() if counted == day}),
        )
        for day in days
    ]


def counts_of(held: Mapping[str, Held]) -> tuple[AgreementCount, ...]:
    """Counts by agreement as they are published."""
    return tuple(
        AgreementCount(agreement=agreement, count=one.count, digest=one.digest)
        for agreement, one in sorted(held.items())
    )


def place_of(body: Contract) -> Place | None:
    """Where a message is counted, by its own event time; None when it is none that is counted."""
    if not isinstance(body, COUNTED):
        return None
    return helsinki_date(body.time), body.agreement or ""


def differences(
    published: Mapping[Place, frozenset[UUID]], held: Mapping[str, Mapping[Place, Held]]
) -> Iterator[Difference]:
    """Every place on which a service does not hold just what was published, in order."""
    places = set(published).union(*held.values())
    for place in sorted(places):
        ids = published.get(place, frozenset())
        on_kafka = Held.of(ids)
        found = {service: places_held.get(place, Held()) for service, places_held in held.items()}
        if any(one != on_kafka for one in found.values()):
            yield Difference(
                place,
                len(ids),
                {service: one.count for service, one in found.items()},
                {service: _missing(ids, on_kafka, one) for service, one in found.items()},
                {service: _extra(ids, on_kafka, one) for service, one in found.items()},
            )


def _missing(ids: frozenset[UUID], on_kafka: Held, found: Held) -> tuple[UUID, ...]:
    if not found.count:
        return tuple(sorted(ids))
    if on_kafka.count - found.count == 1 and (one := on_kafka.minus(found)) in ids:
        return (one,)
    if on_kafka.count - found.count == 2:  # noqa: PLR2004 - a pair is found by its sum
        return _pair(ids, on_kafka, found)
    return ()


def _pair(ids: frozenset[UUID], on_kafka: Held, found: Held) -> tuple[UUID, ...]:
    both = Held.sums(2, on_kafka.high - found.high, on_kafka.low - found.low)
    for one in ids:
        other = both.minus(Held.of((one,)))
        if other in ids and other != one:
            return tuple(sorted((one, other)))
    return ()


def _extra(ids: frozenset[UUID], on_kafka: Held, found: Held) -> tuple[UUID, ...]:
    if found.count - on_kafka.count == 1 and (one := found.minus(on_kafka)) not in ids:
        return (one,)
    return ()
