"""The desk of remarks: a worker says of an own look-up that it was of the wrong person ("väärä henkilö").

The remark is an access event of its own that names the look-up's. Nothing is removed from the log.
"""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from services.lookup.answering import Served, refused
from services.lookup.asking import Asking, Passed
from services.lookup.desks.commanding import Command, Commanding, Done
from services.lookup.domain import refusals
from services.lookup.domain.access import Attempt, Result
from services.lookup.store import remarks
from services.lookup.telling import event_of
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.access import AccessDecided, Action, Outcome
from shared.contracts.answers import LookUpAnnotated
from shared.contracts.asking import AnnotateLookUp
from shared.gate.facts import Facts, Function

_LOOK_UPS = frozenset({Action.LOOK_UP, Action.REDISPLAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """Answers remarks on look-ups.

    Attributes:
        asking: Gathers the facts.
        commanding: Does each command once.
    """

    asking: Asking
    commanding: Commanding

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        remark = _remark(request)
        facts, attempt = self.asking.who(request, Function.ANNOTATE, Action.ANNOTATION, None)
        return facts, replace(attempt, reason=f"{remark.note}: {remark.text}" if remark.text else remark.note)

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        remark = _remark(request)
        return await self.commanding.once(
            Command(
                request=request,
                body=remark,
                attempt=attempt,
                organisation=Passed.of(facts).organisation.business_id,
                answers=LookUpAnnotated,
                key_reused=refusals.REMARK_KEY_REUSED,
                act=partial(_add, request, attempt),
                again=partial(_granted, attempt),
            )
        )


async def _add(request: Request, attempt: Attempt, tx: Tx) -> Done[LookUpAnnotated] | Served:
    """Remark on the look-up, or say why not."""
    remark = _remark(request)
    looked_up = await remarks.decided_event(tx, remark.access_event)
    if looked_up is None or not is_own(looked_up, attempt):
        return refused(request, refusals.REMARK_UNKNOWN)
    answer = LookUpAnnotated(access_event=remark.access_event, annotation=event_of(request.id))
    return _granted(attempt, answer)


def _granted(attempt: Attempt, answer: LookUpAnnotated, _: UUID | None = None) -> Done[LookUpAnnotated]:
    """What the log is told of a remark and of its repeat: the look-up that it is on."""
    return Done(answer=answer, result=Result(outcome=Outcome.GRANTED), attempt=replace(attempt, of=answer.access_event))


def is_own(event: AccessDecided, attempt: Attempt) -> bool:
    """Whether the event is a look-up by who remarks on it now: the same worker or system, in the same name."""
    if attempt.actor is None or event.action not in _LOOK_UPS:
        return False
    now = (attempt.actor.organisation, attempt.worker, attempt.actor.system)
    return (event.organisation, event.worker, event.system) == now


def _remark(request: Request) -> AnnotateLookUp:
    if not isinstance(request.body, AnnotateLookUp):
        raise TypeError("this desk answers remarks on look-ups")
    return request.body
