"""Commands that were done, by the key they were sent with: repeated, they are answered as the first time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.answers import ChangesDone, ChangesRefused

CommandAnswer = ChangesDone | ChangesRefused
_ANSWER: Final = TypeAdapter[CommandAnswer](CommandAnswer)


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was done.

    Attributes:
        request: The request that first brought it.
        content: Digest of its content.
        answer: What was answered.
    """

    request: UUID
    content: bytes
    answer: CommandAnswer


async def command(conn: AsyncConnection, organisation: str, key: str) -> Command | None:
    """Return what is known of an organisation's key; ask under the service's lock."""
    row = (
        await conn.execute(
            text(
                """
                select request, content, answer::text as answer from command
                where organisation = :organisation and idempotency_key = :key
                """
            ),
            {"organisation": organisation, "key": key},
        )
    ).one_or_none()
    if row is None:
        return None
    return Command(row.request, bytes(row.content), _ANSWER.validate_json(row.answer))


async def keep_command(conn: AsyncConnection, organisation: str, key: str, done: Command, at: datetime) -> None:
    """Keep a command with its answer, in the transaction that gives it effect.

    Args:
        conn: That transaction.
        organisation: Whose command.
        key: Its idempotency key.
        done: The command.
        at: Business clock.
    """
    await conn.execute(
        text(
            """
            insert into command (organisation, idempotency_key, request, content, answer, done_at)
            values (:organisation, :key, :request, :content, cast(:answer as jsonb), :at)
            """
        ),
        {
            "organisation": organisation,
            "key": key,
            "request": done.request,
            "content": done.content,
            "answer": done.answer.model_dump_json(),
            "at": at,
        },
    )
