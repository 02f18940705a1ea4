"""Answering how much a service holds of a month: counted from its rows when asked, told through its outbox."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from shared.bus.messages import Delivered, Outgoing
from shared.bus.topics import Topic
from shared.bus.transaction import Handle, Tx
from shared.clock.civil import Month
from shared.contracts.base import Contract
from shared.contracts.counting import CountsAsked, DayCounted
from shared.counting import Held, Place, answer_of
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


def held_of(rows: "Sequence[Record]") -> dict[Place, Held]:
    """Read rows of day, agreement and `SUMS`."""
    return {
        (row["day"], row["agreement"] or ""): Held.sums(row["count"], int(row["high"]), int(row["low"])) for row in rows
    }


def on_counts_asked(service: Literal["audit", "billing"], topic: Topic, count: Count) -> Handle:
    """Answer each question on the service's own topic, one message a day."""

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        for message in batch:
            if isinstance(message.body, CountsAsked):
                held = await count(await tx.raw(), message.body.month)
                for answer in answer_of(message.body, service, held):
                    tx.publish(_outgoing(message.body, topic, answer))

    return handle


def _outgoing(asked: CountsAsked, topic: Topic, answer: DayCounted) -> Outgoing:
    id_ = event_id("day-counted", answer.service, str(asked.ask), str(answer.day))
    return Outgoing.of(topic, str(asked.ask), id_, answer, source=answer.service, time=asked.time)
