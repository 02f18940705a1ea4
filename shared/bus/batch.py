"""One batch of records, given effect in one transaction, with the culprits found and set aside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from structlog.stdlib import BoundLogger

from shared.bus import inbox, offsets, quarantine
from shared.bus.brake import Brake, Braked
from shared.bus.inbox import Sorted
from shared.bus.messages import Decode, Delivered, Record, Undecodable
from shared.bus.offsets import Position
from shared.bus.quarantine import Culprit
from shared.bus.transaction import Handle, Refuse, Tx
from shared.contracts.base import Contract
from shared.database.engine import Ahead
from shared.database.errors import classify, sqlstate_of

SORTED_TOGETHER: Final = 500
"""Records whose ids are looked for at once."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How one consumer treats its records."""

    consumer: str
    engine: AsyncEngine
    handle: Handle
    decode: Decode
    on_conflict: Callable[[Delivered[Contract]], Delivered[Contract]] | None


@dataclass(slots=True)
class _Done:
    good: int
    culprits: list[Culprit]
    afterwards: Sequence[Callable[[], Awaitable[None]]]


async def apply_batch(
    batch: Batch, records: Sequence[Record], expected: Mapping[Position, int], brake: Brake, log: BoundLogger
) -> dict[Position, int]:
    """Give effect to the records in order; the new positions.

    A failure that the data caused is halved until its one record is found and quarantined. Transient failures,
    `Fenced` and `Braked` are the caller's: what was committed before them stays committed.
    """
    try:
        return await _commit(batch, records, expected, brake, log)
    except Exception as error:
        if not _blames_data(error):
            raise
        if len(records) == 1:
            culprit = Culprit(records[0], *_reason(error))
            return await _commit(batch, (), expected, brake, log, condemned=culprit)
        middle = len(records) // 2
        first = await apply_batch(batch, records[:middle], expected, brake, log)
        return first | await apply_batch(batch, records[middle:], {**expected, **first}, brake, log)


def _blames_data(error: Exception) -> bool:
    """Whether a message may be at fault: data errors, refusals, and faults of our own code on certain input."""
    return not isinstance(error, (offsets.Fenced, Braked)) and classify(error) != "transient"


def _reason(error: Exception) -> tuple[str, str]:
    if isinstance(error, Refuse):
        return error.code, error.reason
    state = sqlstate_of(error)
    if state is not None:
        return "database", f"SQLSTATE {state}"
    return "handler", type(error).__name__


async def _commit(
    batch: Batch,
    records: Sequence[Record],
    expected: Mapping[Position, int],
    brake: Brake,
    log: BoundLogger,
    *,
    condemned: Culprit | None = None,
) -> dict[Position, int]:
    moves = _moves(records if condemned is None else (condemned.record,), expected)
    async with batch.engine.begin() as conn:
        await offsets.advance(conn, batch.consumer, moves)
        done = await _take_effect(batch, conn, records) if condemned is None else _Done(0, [condemned], ())
        await quarantine.put(conn, batch.consumer, done.culprits)
        brake.record(done.good, len(done.culprits))
    _tell(done.culprits, log)
    await _afterwards(done.afterwards, log)
    return {position: new for position, (_, new) in moves.items()}


def _tell(culprits: Sequence[Culprit], log: BoundLogger) -> None:
    for culprit in culprits:
        record = culprit.record
        log.error(
            "quarantined",
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
            code=culprit.code,
            reason=culprit.reason,
        )


async def _afterwards(actions: Sequence[Callable[[], Awaitable[None]]], log: BoundLogger) -> None:
    """The effects are durable: a failing reply must not make the loop believe that they are not."""
    for action in actions:
        try:
            await action()
        except Exception:
            log.exception("after_commit_failed")


async def _take_effect(batch: Batch, conn: AsyncConnection, records: Sequence[Record]) -> _Done:
    sorted_, culprits = await _read(batch, conn, records)
    fresh = sorted_.fresh
    if batch.on_conflict is None:
        culprits += [
            Culprit(m.record, "conflict", f"event {m.id} is known with other content") for m in sorted_.conflicts
        ]
    elif sorted_.conflicts:
        kept = await _kept(conn, sorted_.conflicts, batch.on_conflict)
        fresh = sorted(fresh + kept, key=lambda m: (m.record.topic, m.record.partition, m.record.offset))
    tx = Tx(conn)
    if fresh:
        await batch.handle(tx, fresh)
        await tx.flush()
    return _Done(len(records) - len(culprits), culprits, tx.afterwards)


async def _kept(
    conn: AsyncConnection,
    conflicts: Sequence[Delivered[Contract]],
    on_conflict: Callable[[Delivered[Contract]], Delivered[Contract]],
) -> list[Delivered[Contract]]:
    """Contradictions as what they take effect as; one whose own id somebody has taken before contradicts that too."""
    found: list[Delivered[Contract]] = []
    while conflicts:
        again = await inbox.sort(conn, [on_conflict(message) for message in conflicts])
        found += again.fresh
        conflicts = again.conflicts
    return found


async def _read(batch: Batch, conn: AsyncConnection, records: Sequence[Record]) -> tuple[Sorted, list[Culprit]]:
    """Decode and tell new from known; while the database looks for the ids of some records, the next are decoded."""
    culprits: list[Culprit] = []
    async with Ahead[Sorted]() as ahead:
        for start in range(0, len(records), SORTED_TOGETHER):
            delivered, unreadable = _decode_all(batch, records[start : start + SORTED_TOGETHER])
            culprits += unreadable
            await ahead.begin(inbox.sort(conn, delivered))
    return inbox.together(ahead.results), culprits


def _decode_all(batch: Batch, records: Sequence[Record]) -> tuple[list[Delivered[Contract]], list[Culprit]]:
    delivered: list[Delivered[Contract]] = []
    culprits: list[Culprit] = []
    for record in records:
        try:
            delivered.append(batch.decode(record))
        except Undecodable as error:
            culprits.append(Culprit(record, error.code, error.reason))
    return delivered, culprits


def _moves(records: Sequence[Record], expected: Mapping[Position, int]) -> dict[Position, tuple[int, int]]:
    moves: dict[Position, tuple[int, int]] = {}
    for record in records:
        position = (record.topic, record.partition)
        moves[position] = (expected[position], record.offset + 1)
    return moves


async def replay(batch: Batch, record: Record, row: int, log: BoundLogger) -> str | None:
    """Try a quarantined record again: None when it took effect, else why not. Its id still counts once."""
    async with batch.engine.begin() as conn:
        if not await quarantine.mark_replayed(conn, row):
            return "it has been replayed already"
        done = await _take_effect(batch, conn, (record,))
        if done.culprits:
            await conn.rollback()
            return done.culprits[0].reason
    await _afterwards(done.afterwards, log)
    return None
