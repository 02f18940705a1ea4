"""Answering how much a service holds of a month: counted from its rows when asked, told through its outbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from shared.bus.messages import Delivered, Outgoing
from shared.bus.offsets import load
from shared.bus.topic import Topic
from shared.bus.transaction import Handle, Tx
from shared.clock.civil import Month
from shared.contracts.base import Contract
from shared.contracts.counting import CountsAsked, DayCounted, HourCounted, HoursAsked
from shared.counting import Held, Place, answer_of, counts_of
from shared.ids import event_id

if TYPE_CHECKING:
    from asyncpg import Connection, Record

SUMS: Final = """
    count(*) as count,
    sum(substr(uuid_send(event_id), 1, 8)::bigint) as high,
    sum(substr(uuid_send(event_id), 9, 8)::bigint) as low
"""
"""SQL of what `held_of` reads; of signed halves, which is the same modulo 2**64."""

Count = Callable[["Connection", Month], Awaitable[Mapping[Place, Held]]]
"""Counts a service's own rows of a month."""
HeldInHour = Callable[["Connection", datetime], Awaitable[Mapping[str, Held]]]
"""Counts a service's own rows of an hour, by agreement."""
Publisher = Literal["lookup", "claims"]
"""A service that keeps what it tells."""


@dataclass(frozen=True, slots=True)
class Hourly:
    """How a service that is asked by hours answers.

    Attributes:
        held: Counts its own rows of an hour, by agreement.
        reader: The consumer that fills those rows; its position is told too.
    """

    held: HeldInHour
    reader: str


@dataclass(frozen=True, slots=True)
class HourHeld:
    """What a service holds of an hour by agreement, and how far it had read."""

    service: Publisher | Literal["billing"]
    held: Mapping[str, Held]
    read: dict[str, int]


def held_of(rows: "Sequence[Record]") -> dict[Place, Held]:
    """Read rows of day, agreement and `SUMS`."""
    return {
        (row["day"], row["agreement"] or ""): Held.sums(row["count"], int(row["high"]), int(row["low"])) for row in rows
    }


def on_counts_asked(
    service: Literal["audit", "billing"], topic: Topic, count: Count, hourly: Hourly | None = None
) -> Handle:
    """Answer each question on the service's own topic, one message a day or hour."""

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        for message in batch:
            if isinstance(message.body, CountsAsked):
                held = await count(await tx.raw(), message.body.month)
                for answer in answer_of(message.body, service, held):
                    tx.publish(_outgoing(message.body, topic, answer))
            elif isinstance(message.body, HoursAsked) and hourly is not None:
                for hour in message.body.hours:
                    # The position first: rows that come while they are counted may be more than it says, never less.
                    positions = await load(tx.conn, hourly.reader)
                    read = {f"{name}/{partition}": offset for (name, partition), offset in positions.items()}
                    counted = HourHeld("billing", await hourly.held(await tx.raw(), hour), read)
                    tx.publish(_hour(message.body, hour, topic, counted))

    return handle


def on_hours_asked(service: Publisher, topic: Topic, held: HeldInHour) -> Handle:
    """Answer how much a service has told of each hour, from what it kept before it told it."""

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        for message in batch:
            if isinstance(message.body, HoursAsked):
                for hour in message.body.hours:
                    counted = HourHeld(service, await held(await tx.raw(), hour), {})
                    tx.publish(_hour(message.body, hour, topic, counted))

    return handle


def _outgoing(asked: CountsAsked, topic: Topic, answer: DayCounted) -> Outgoing:
    id_ = event_id("day-counted", answer.service, str(asked.ask), str(answer.day))
    return Outgoing.of(topic, str(asked.ask), id_, answer, source=answer.service, time=asked.time)


def _hour(asked: HoursAsked, hour: datetime, topic: Topic, counted: HourHeld) -> Outgoing:
    answer = HourCounted(
        ask=asked.ask, service=counted.service, hour=hour, counts=counts_of(counted.held), read=counted.read
    )
    id_ = answer_id(asked.ask, hour, counted.service)
    return Outgoing.of(topic, str(asked.ask), id_, answer, source=counted.service, time=asked.time)


def answer_id(ask: UUID, hour: datetime, service: str) -> UUID:
    """The id of the message in which a service answers."""
    return event_id("hour-counted", service, str(ask), hour.isoformat())
