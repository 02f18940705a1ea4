"""SQL of commands that were done, by the key that their sender chose: in the transaction of what they do."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shared.bus.transaction import Tx

# Two who send the same key at once meet here: the second waits for the first and then finds what it did.
SERIALISE: Final = "select pg_advisory_xact_lock(hashtextextended($1, 0))"
RECALL: Final = "select digest, answer::text, event_id from command_done where organisation = $1 and key = $2"
REMEMBER: Final = """
    insert into command_done (organisation, key, digest, answer, event_id) values ($1, $2, $3, $4::jsonb, $5)
    """


class DecidedBefore(Exception):
    """The request was decided before, so that nothing may be changed by it any more: the transaction is undone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandDone:
    """What a command did.

    Attributes:
        digest: Of its content and its sender.
        answer: The answer's JSON.
        event: Its access event; None for a command that was done before these were kept.
    """

    digest: bytes
    answer: str
    event: UUID | None


async def recall(tx: Tx, organisation: str, key: str) -> CommandDone | None:
    """What was done by a command of this key; whoever sends the same key meanwhile waits."""
    connection = await tx.raw()
    await connection.fetchval(SERIALISE, f"{organisation}/{key}")
    row = await connection.fetchrow(RECALL, organisation, key)
    return None if row is None else CommandDone(digest=row["digest"], answer=row["answer"], event=row["event_id"])


async def remember(tx: Tx, organisation: str, key: str, done: CommandDone) -> None:
    """Keep what a command did, together with what it did."""
    connection = await tx.raw()
    await connection.execute(REMEMBER, organisation, key, done.digest, done.answer, done.event)
