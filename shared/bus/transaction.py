"""What a handler gets: the batch's one transaction, and what may be added to it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus import outbox
from shared.bus.messages import Delivered, Outgoing
from shared.contracts.base import Contract
from shared.database.engine import raw

if TYPE_CHECKING:
    from asyncpg import Connection

C = TypeVar("C", bound=Contract)


class Refuse(Exception):
    """A handler cannot let a message take effect, ever: it goes to the quarantine with this code and reason."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Tx:
    """One transaction: position, dedupe, effects and outbox commit together or not at all."""

    def __init__(self, conn: AsyncConnection) -> None:
        self.conn = conn
        self._outgoing: list[Outgoing] = []
        self._after: list[Callable[[], Awaitable[None]]] = []

    async def raw(self) -> "Connection":
        """The asyncpg connection of this transaction, for COPY and arrays."""
        return await raw(self.conn)

    def publish(self, message: Outgoing) -> None:
        """Publish through the outbox, if and only if the transaction commits."""
        self._outgoing.append(message)

    def after_commit(self, action: Callable[[], Awaitable[None]]) -> None:
        """Do something once the effects are durable, such as a reply. It may be lost with the process."""
        self._after.append(action)

    async def flush(self) -> None:
        """Write the collected messages; the consumer loop calls this before it commits."""
        await outbox.write(self.conn, self._outgoing)

    @property
    def afterwards(self) -> Sequence[Callable[[], Awaitable[None]]]:
        """What to do after the commit, in order."""
        return self._after


Handle = Callable[[Tx, Sequence[Delivered[Contract]]], Awaitable[None]]
"""Gives effect to deduplicated messages, in order, in one transaction. Raises `Refuse` or lets a database error
pass: the loop finds the culprit or waits. It never catches database errors and never commits."""


def each(handler: Callable[[Tx, Delivered[C]], Awaitable[None]]) -> Handle:
    """A handler of one message as a handler of many."""

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        for message in batch:
            await handler(tx, cast("Delivered[C]", message))

    return handle


def route(
    handlers: dict[type[C], Callable[[Tx, Sequence[Delivered[C]]], Awaitable[None]]] | dict[type[Contract], Handle],
) -> Handle:
    """Give each type of message to its handler, in runs of equal type, so that arrival order is kept.

    A type without a handler is passed over: a service need not care for all that stands on a topic it reads.
    """
    table = cast("dict[type[Contract], Handle]", handlers)

    async def handle(tx: Tx, batch: Sequence[Delivered[Contract]]) -> None:
        start = 0
        while start < len(batch):
            kind = type(batch[start].body)
            end = start + 1
            while end < len(batch) and type(batch[end].body) is kind:
                end += 1
            handler = table.get(kind)
            if handler is not None:
                await handler(tx, batch[start:end])
            start = end

    return handle
