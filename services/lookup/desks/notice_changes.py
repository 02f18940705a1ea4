"""The desk of commands on notices: take, finish, move to another municipality (ilmoituksen siirto).

The change, its history, the command's answer and the access event are kept in one transaction, before the log is told.
If the process dies in between, the request comes again, and whatever the gate says by then, the event that is told is
the one of the change: one change, one event.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import REPEATED, Served, refused
from services.lookup.asking import Asking
from services.lookup.desks.noticed import Noticed, hand_of, read_noticed, whose
from services.lookup.domain import notice_refusals
from services.lookup.domain.access import Attempt, Result
from services.lookup.domain.notices import change, done_of
from services.lookup.store import decided, notice_changes, notices
from services.lookup.store.notice_changes import Change, DecidedBefore
from services.lookup.store.notices import Whose
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import NoticeDone
from shared.contracts.asking import NoticeCommand
from shared.contracts.base import Contract, Refusal
from shared.gate.facts import Facts, Function

MakesEvent = Callable[[Attempt, Result], Outgoing]
"""The access event of an attempt, as the teller would publish it."""
_NOT_CONTENT: Final = {"idempotency_key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChanges:
    """Answers commands on notices.

    Attributes:
        asking: Gathers the facts.
        engine: Lookup's database.
        event: Makes the event that is kept together with the change.
    """

    asking: Asking
    engine: AsyncEngine
    event: MakesEvent

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        command = _command(request)
        facts, attempt = self.asking.who(request, Function.HANDLE_NOTICES, Action.NOTICE_CHANGE, command.purpose)
        return facts, replace(attempt, reason=command.reason or None)

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        command = _command(request)
        if facts.organisation is None:
            raise RuntimeError("the gate let pass what it must refuse")
        own, digest = whose(facts), digest_of(command, attempt)
        standing = await notices.read_standing(self.engine, command.notice)
        noticed = None
        if standing is not None and own.has(standing):
            noticed = await read_noticed(self.engine, self.asking, standing, facts, attempt)
        try:
            async with self.engine.begin() as conn:
                tx = Tx(conn)
                before = await notice_changes.recall(tx, facts.organisation.business_id, command.idempotency_key)
                if before is not None:
                    return self._again(request, command, attempt, before, digest)
                if noticed is None:
                    return refused(request, notice_refusals.UNKNOWN)
                return await self._change(tx, request, noticed, own, digest)
        except DecidedBefore:
            return Served(result=Result(outcome=Outcome.FAILED), show=lambda: REPEATED)

    async def _change(self, tx: Tx, request: Request, noticed: Noticed, own: Whose, digest: bytes) -> Served:
        """Change the notice as it stands now, or say why not; keep all that tells of it."""
        command, attempt = _command(request), noticed.attempt
        standing = await notice_changes.lock(tx, command.notice)
        if standing is None or not own.has(standing) or standing.client != noticed.standing.client:
            return refused(request, notice_refusals.UNKNOWN)
        if attempt.actor is None:
            raise RuntimeError("the gate let pass what it must refuse")
        changed = noticed.refusal or change(
            standing, command, worker=hand_of(attempt), time=attempt.time, own=own.municipalities
        )
        if isinstance(changed, Refusal):
            return replace(refused(request, changed), attempt=attempt)
        kept = Change(
            before=standing,
            after=changed,
            action=command.action,
            time=attempt.time,
            worker=hand_of(attempt),
            organisation=attempt.actor.organisation,
            request=request.id,
        )
        answer, result = done_of(changed, command), _granted(changed.notice)
        await notice_changes.keep(tx, kept)
        await notice_changes.remember(tx, kept.organisation, command.idempotency_key, digest, answer.model_dump_json())
        if not await decided.remember_with(tx, request.id, self.event(attempt, result)):
            raise DecidedBefore
        return Served(result=result, show=lambda: answer, repeat=lambda: answer, attempt=attempt)

    def _again(
        self, request: Request, command: NoticeCommand, attempt: Attempt, before: tuple[bytes, str], digest: bytes
    ) -> Served:
        """The answer to a command that was done before under the same key."""
        if before[0] != digest:
            return refused(request, notice_refusals.KEY_REUSED)
        answer = NoticeDone.model_validate_json(before[1])
        attempt = replace(attempt, subject=command.notice)
        return Served(result=_granted(answer.notice), show=lambda: answer, repeat=lambda: answer, attempt=attempt)


def digest_of(command: Contract, attempt: Attempt) -> bytes:
    """What makes two commands of one key the same: the worker, on whose behalf, and all content but the key."""
    member = attempt.actor.member if attempt.actor else None
    content = "\x1f".join((hand_of(attempt), str(member), command.model_dump_json(exclude=_NOT_CONTENT)))
    return hashlib.sha256(content.encode()).digest()


def _granted(notice: str) -> Result:
    return Result(outcome=Outcome.GRANTED, records=(notice,))


def _command(request: Request) -> NoticeCommand:
    if not isinstance(request.body, NoticeCommand):
        raise TypeError("this desk answers commands on notices")
    return request.body
