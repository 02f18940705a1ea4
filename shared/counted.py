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


@dataclass(frozen=True, slots=True)
class Hourly:
    """How a service that is asked by hours answers.

    Attributes:
        held: Counts its own rows of an hour, by agreement.
        reader: The consumer that fills those rows; its position is told too.
    """

    held: Callable[["Connection", datetime], Awaitable[Mapping[str, Held]]]
    reader: str


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
                    tx.publish(await _hour(tx, message.body, hour, topic, hourly))

    return handle


def _outgoing(asked: CountsAsked, topic: Topic, answer: DayCounted) -> Outgoing:
    id_ = event_id("day-counted", answer.service, str(asked.ask), str(answer.day))
    return Outgoing.of(topic, str(asked.ask), id_, answer, source=answer.service, time=asked.time)


async def _hour(tx: Tx, asked: HoursAsked, hour: datetime, topic: Topic, hourly: Hourly) -> Outgoing:
    # The position first: rows that come while they are counted may be more than it says, never less.
    positions = await load(tx.conn, hourly.reader)
    answer = HourCounted(
        ask=asked.ask,
        service="billing",
        hour=hour,
        counts=counts_of(await hourly.held(await tx.raw(), hour)),
        read={f"{name}/{partition}": offset for (name, partition), offset in positions.items()},
    )
    return Outgoing.of(topic, str(asked.ask), answer_id(asked.ask, hour), answer, source="billing", time=asked.time)


def answer_id(ask: UUID, hour: datetime) -> UUID:
    """The id of the message in which billing answers."""
    return event_id("hour-counted", "billing", str(ask), hour.isoformat())
