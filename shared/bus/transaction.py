"""What a handler gets: the batch's one transaction, and what may be added to it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.bus import outbox
from shared.bus.messages import Delivered, Outgoing
from shared.contracts.base import Contract
from shared.database.engine import raw

if TYPE_CHECKING:
    from asyncpg import Connection


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
