"""Which record became which entry: the assignments of a batch, written down as runs of neighbours."""

from collections.abc import Iterable
from typing import NamedTuple

from services.audit.domain.merkle import CompactRange
from shared.contracts.audit import SequenceAssigned, SequenceRun


class Place(NamedTuple):
    """Where the record of an entry stands, and whether it was logged as a contradiction."""

    topic: str
    partition: int
    offset: int
    conflict: bool


def runs_of(places: Iterable[Place]) -> tuple[SequenceRun, ...]:
    """The same places in the same order, neighbours drawn together."""
    begins: list[Place] = []
    counts: list[int] = []
    following: Place | None = None
    for place in places:
        if place == following:
            counts[-1] += 1
        else:
            begins.append(place)
            counts.append(1)
        topic, partition, offset, conflict = place
        following = Place(topic, partition, offset + 1, conflict)
    return tuple(
        SequenceRun(topic=p.topic, partition=p.partition, offset=p.offset, count=count, conflict=p.conflict)
        for p, count in zip(begins, counts, strict=True)
    )


def assignment(old: CompactRange, new: CompactRange, places: Iterable[Place]) -> SequenceAssigned:
    """What is told of a batch that led from one tree to another."""
    return SequenceAssigned(first=old.size, size=new.size, root=new.root.hex(), runs=runs_of(places))
