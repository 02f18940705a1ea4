"""A consumer's own position, kept in its service's database beside the effects (invariant 2)."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Integer, Text, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

Position = tuple[str, int]
"""Topic and partition."""

_ADVANCE: Final = text(
    """
    update consumer_offset o set next_offset = n.next
    from unnest(:topics, :partitions, :olds, :nexts) as n(topic, partition, old, next)
    where o.consumer = :consumer and o.topic = n.topic and o.partition = n.partition and o.next_offset = n.old
    """
).bindparams(
    bindparam("topics", type_=ARRAY(Text)),
    bindparam("partitions", type_=ARRAY(Integer)),
    bindparam("olds", type_=ARRAY(BigInteger)),
    bindparam("nexts", type_=ARRAY(BigInteger)),
)

_BEGIN: Final = text(
    """
    insert into consumer_offset (consumer, topic, partition, next_offset)
    values (:consumer, :topic, :partition, :start) on conflict do nothing
    """
)


class Fenced(Exception):
    """Another process has moved this consumer's position: this one is a zombie and must let go of the batch."""


async def load(conn: AsyncConnection, consumer: str) -> dict[Position, int]:
    """The stored positions of a consumer."""
    rows = await conn.execute(
        text("select topic, partition, next_offset from consumer_offset where consumer = :consumer"),
        {"consumer": consumer},
    )
    return {(row.topic, row.partition): row.next_offset for row in rows}


async def begin(conn: AsyncConnection, consumer: str, starts: Mapping[Position, int]) -> None:
    """Store the first positions of partitions never read before."""
    for (topic, partition), start in sorted(starts.items()):
        await conn.execute(_BEGIN, {"consumer": consumer, "topic": topic, "partition": partition, "start": start})


async def advance(conn: AsyncConnection, consumer: str, moves: Mapping[Position, tuple[int, int]]) -> None:
    """Move positions from old to new, all or none, in the caller's transaction.

    Raises:
        Fenced: a stored position is not the expected old one.
    """
    ordered = sorted(moves.items())
    result = await conn.execute(
        _ADVANCE,
        {
            "consumer": consumer,
            "topics": [topic for (topic, _), _ in ordered],
            "partitions": [partition for (_, partition), _ in ordered],
            "olds": [old for _, (old, _) in ordered],
            "nexts": [new for _, (_, new) in ordered],
        },
    )
    if result.rowcount != len(moves):
        raise Fenced(f"{consumer}: the stored position is not the expected one")
