"""Deduplication for ever: an event id takes effect once, whatever is repeated, reordered or restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus.messages import Delivered
from shared.contracts.base import Contract
from shared.database.engine import raw

if TYPE_CHECKING:
    from uuid import UUID

_INSERT: Final = """
    insert into inbox (event_id, digest) select * from unnest($1::uuid[], $2::bytea[])
    on conflict do nothing returning event_id
"""
_KNOWN: Final = "select event_id, digest from inbox where event_id = any($1::uuid[])"


@dataclass(frozen=True, slots=True)
class Sorted:
    """A batch sorted into what is new and what contradicts an event already known."""

    fresh: list[Delivered[Contract]]
    conflicts: list[Delivered[Contract]]
    """Same id, other content: both are kept, and an officer is told (invariant 2)."""


def together(parts: Sequence[Sorted]) -> Sorted:
    """Parts of a batch, sorted one after the other, as one."""
    return Sorted([m for part in parts for m in part.fresh], [m for part in parts for m in part.conflicts])


async def sort(conn: AsyncConnection, batch: Sequence[Delivered[Contract]]) -> Sorted:
    """Register the batch's event ids and tell new events from repeats and contradictions, in arrival order."""
    first: dict[UUID, Delivered[Contract]] = {}
    conflicts: list[Delivered[Contract]] = []
    for message in batch:
        earlier = first.setdefault(message.id, message)
        if earlier.digest != message.digest:
            conflicts.append(message)
    connection = await raw(conn)
    inserted = await connection.fetch(_INSERT, list(first), [m.digest for m in first.values()])
    if len(inserted) == len(first):
        return Sorted(list(first.values()), conflicts)
    new = {row[0] for row in inserted}
    repeated = [id_ for id_ in first if id_ not in new]
    known = {row[0]: row[1] for row in await connection.fetch(_KNOWN, repeated)}
    contradicting = {id_ for id_ in repeated if known[id_] != first[id_].digest}
    again = [m for m in batch if m.id in contradicting and m not in conflicts and known[m.id] != m.digest]
    # A third version inside the batch may equal the stored one: then it is a repeat, not a conflict.
    others = [m for m in conflicts if known.get(m.id) != m.digest]
    return Sorted([m for id_, m in first.items() if id_ in new], [*others, *again])
