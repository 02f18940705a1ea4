"""What every command does once, in one transaction: recall its key, else act, keep the answer and keep the event.

A command is known by the key that its sender chose, not by its request: what was refused or failed leaves no trace
under the key, so that it can be sent again, and a repeat gets the first answer. A repeat is an event of its own, which
names the first one. The same request delivered again tells the event that was kept with the change, whatever the gate
says by then: one change, one event.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import REPEATED, Served, refused
from services.lookup.desks.noticed import hand_of
from services.lookup.domain.access import Attempt, Result
from services.lookup.store import commands, decided
from services.lookup.store.commands import CommandDone, DecidedBefore
from services.lookup.telling import event_of
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.access import Outcome
from shared.contracts.answers import LookUpAnnotated, NoticeDone
from shared.contracts.asking import AnnotateLookUp, NoticeCommand
from shared.contracts.base import Refusal

A = TypeVar("A", NoticeDone, LookUpAnnotated)
MakesEvent = Callable[[Attempt, Result], Outgoing]
"""The access event of an attempt, as the teller would publish it."""
_NOT_CONTENT: Final = {"idempotency_key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Generic[A]):
    """What a command did: its answer, and what the log is told."""

    answer: A
    result: Result
    attempt: Attempt

    def served(self) -> Served:
        """As `answering` takes it: the answer holds nothing that a redelivery may not repeat."""
        return Served(result=self.result, show=lambda: self.answer, repeat=lambda: self.answer, attempt=self.attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[A]):
    """One command and how it is done.

    Attributes:
        request: The request.
        body: The command in it.
        attempt: What the log knows of it so far.
        organisation: Whose keys are told apart.
        answers: What it is answered with.
        key_reused: The refusal when its key stands for another command.
        act: Does it, or says why not; nothing is kept then.
        again: What a repeat of it is told as, by its first answer and, where another request did it, the event of that.
    """

    request: Request
    body: NoticeCommand | AnnotateLookUp
    attempt: Attempt
    organisation: str
    answers: type[A]
    key_reused: Refusal
    act: Callable[[Tx], Awaitable[Done[A] | Served]]
    again: Callable[[A, UUID | None], Done[A]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanding:
    """Does commands once.

    Attributes:
        engine: Lookup's database.
        event: Makes the event that is kept together with the change.
        key: Of the digests: without it nobody can try contents against one.
    """

    engine: AsyncEngine
    event: MakesEvent
    key: bytes

    async def once(self, command: Command[A]) -> Served:
        """Do a command, unless it was done before under its key."""
        digest = self._digest(command)
        try:
            async with self.engine.begin() as conn:
                tx = Tx(conn)
                before = await commands.recall(tx, command.organisation, command.body.idempotency_key)
                if before is not None:
                    return _again(command, before, digest)
                done = await command.act(tx)
                if isinstance(done, Done):
                    await self._keep(tx, command, done, digest)
                    return done.served()
                return done
        except DecidedBefore:
            return Served(result=Result(outcome=Outcome.FAILED), show=lambda: REPEATED)

    async def _keep(self, tx: Tx, command: Command[A], done: Done[A], digest: bytes) -> None:
        event = self.event(done.attempt, done.result)
        kept = CommandDone(digest=digest, answer=done.answer.model_dump_json(), event=event.id)
        await commands.remember(tx, command.organisation, command.body.idempotency_key, kept)
        if not await decided.remember_with(tx, command.request.id, event):
            raise DecidedBefore

    def _digest(self, command: Command[A]) -> bytes:
        """What makes two commands of one key the same: who sends it, on whose behalf, and all content but the key."""
        attempt = command.attempt
        member = attempt.actor.member if attempt.actor else None
        content = command.body.model_dump_json(exclude=_NOT_CONTENT)
        return hmac.new(
            self.key, "\x1f".join(("command", hand_of(attempt), str(member), content)).encode(), hashlib.sha256
        ).digest()


def _again(command: Command[A], before: CommandDone, digest: bytes) -> Served:
    """The answer to a command that was done before under the same key."""
    if not hmac.compare_digest(before.digest, digest):
        return refused(command.request, command.key_reused)
    first = None if before.event == event_of(command.request.id) else before.event
    return command.again(command.answers.model_validate_json(before.answer), first).served()
