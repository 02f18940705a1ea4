"""The desk of commands on notices: take, finish, move to another municipality (ilmoituksen siirto).

The change and its history are kept in the transaction of `commanding.py`, with the command's answer and its event.
"""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking, Passed
from services.lookup.data import notice_table
from services.lookup.desks.commanding import Command, Commanding, Done
from services.lookup.desks.noticed import Noticed, hand_of, read_noticed, subject_of, whose
from services.lookup.domain import refusals
from services.lookup.domain.access import Attempt, Result
from services.lookup.domain.notices import change, done_of
from services.lookup.store import notice_changes, notices
from services.lookup.store.notice_changes import Change
from services.lookup.store.notices import Whose
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import NoticeDone
from shared.contracts.asking import NoticeCommand
from shared.contracts.base import Refusal
from shared.gate.facts import Facts, Function


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChanges:
    """Answers commands on notices.

    Attributes:
        asking: Gathers the facts.
        engine: Lookup's database.
        commanding: Does each command once.
    """

    asking: Asking
    engine: AsyncEngine
    commanding: Commanding

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        command = _command(request)
        facts, attempt = self.asking.who(request, Function.HANDLE_NOTICES, Action.NOTICE_CHANGE, command.purpose)
        return facts, replace(attempt, reason=command.reason or None, subject=subject_of(command.notice))

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        command, own = _command(request), whose(facts)
        standing = await notices.read_standing(self.engine, command.notice)
        noticed = None
        if standing is not None and own.has(standing):
            noticed = await read_noticed(self.engine, self.asking, standing, facts, attempt)
        organisation = Passed.of(facts).organisation.business_id
        return await self.commanding.once(
            Command(
                request=request,
                body=command,
                attempt=attempt,
                organisation=organisation,
                answers=NoticeDone,
                key_reused=refusals.KEY_REUSED,
                act=partial(self._change, request, organisation, noticed, own),
                again=partial(_again, attempt),
            )
        )

    async def _change(
        self, request: Request, organisation: str, noticed: Noticed | None, own: Whose, tx: Tx
    ) -> Done[NoticeDone] | Served:
        """Change the notice as it stands now, or say why not."""
        command = _command(request)
        if noticed is None:
            return refused(request, refusals.UNKNOWN)
        standing, attempt = await notice_changes.lock(tx, command.notice), noticed.attempt
        if standing is None or not own.has(standing) or standing.client != noticed.standing.client:
            return refused(request, refusals.UNKNOWN)
        hand, moving = hand_of(attempt), notice_table().moving
        changed = noticed.refusal or change(
            standing, command, worker=hand, time=attempt.time, own=own.municipalities, moving=moving
        )
        if isinstance(changed, Refusal):
            return replace(refused(request, changed), attempt=attempt)
        kept = Change(
            before=standing,
            after=changed,
            action=command.action,
            time=attempt.time,
            worker=hand,
            organisation=organisation,
            request=request.id,
        )
        await notice_changes.keep(tx, kept)
        return Done(answer=done_of(changed, command), result=_granted(changed.notice), attempt=attempt)


def _again(attempt: Attempt, answer: NoticeDone, first: UUID | None) -> Done[NoticeDone]:
    """A repeat tells what was done, and by which event it was."""
    return Done(
        answer=answer, result=_granted(answer.notice), attempt=replace(attempt, subject=answer.notice, of=first)
    )


def _granted(notice: str) -> Result:
    return Result(outcome=Outcome.GRANTED, records=(notice,))


def _command(request: Request) -> NoticeCommand:
    if not isinstance(request.body, NoticeCommand):
        raise TypeError("this desk answers commands on notices")
    return request.body
