"""The desk of remarks: a worker says of an own look-up that it was of the wrong person ("väärä henkilö").

The remark is an access event of its own that names the look-up's. Nothing is removed from the log.
"""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncEngine

from services.lookup.answering import REPEATED, Served, refused
from services.lookup.asking import Asking
from services.lookup.desks.notice_changes import MakesEvent, digest_of
from services.lookup.domain import notice_refusals
from services.lookup.domain.access import Attempt, Result
from services.lookup.store import decided, notice_changes, remarks
from services.lookup.store.notice_changes import DecidedBefore
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
        engine: Lookup's database.
        event: Makes the event that is kept together with the command.
    """

    asking: Asking
    engine: AsyncEngine
    event: MakesEvent

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """See `answering.Desk`."""
        remark = _remark(request)
        facts, attempt = self.asking.who(request, Function.ANNOTATE, Action.ANNOTATION, None)
        return facts, replace(attempt, reason=f"{remark.note}: {remark.text}" if remark.text else remark.note)

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """See `answering.Desk`."""
        remark = _remark(request)
        if facts.organisation is None:
            raise RuntimeError("the gate let pass what it must refuse")
        organisation, digest = facts.organisation.business_id, digest_of(remark, attempt)
        try:
            async with self.engine.begin() as conn:
                tx = Tx(conn)
                looked_up = await remarks.decided_event(tx, remark.access_event)
                if looked_up is None or not is_own(looked_up, attempt):
                    return refused(request, notice_refusals.REMARK_UNKNOWN)
                attempt = replace(attempt, of=remark.access_event)
                before = await notice_changes.recall(tx, organisation, remark.idempotency_key)
                if before is not None:
                    return _again(request, attempt, before, digest)
                return await self._keep(tx, request, organisation, attempt, digest)
        except DecidedBefore:
            return Served(result=Result(outcome=Outcome.FAILED), show=lambda: REPEATED)

    async def _keep(self, tx: Tx, request: Request, organisation: str, attempt: Attempt, digest: bytes) -> Served:
        remark, result = _remark(request), Result(outcome=Outcome.GRANTED)
        answer = LookUpAnnotated(access_event=remark.access_event, annotation=event_of(request.id))
        await notice_changes.remember(tx, organisation, remark.idempotency_key, digest, answer.model_dump_json())
        if not await decided.remember_with(tx, request.id, self.event(attempt, result)):
            raise DecidedBefore
        return Served(result=result, show=lambda: answer, repeat=lambda: answer, attempt=attempt)


def is_own(event: AccessDecided, attempt: Attempt) -> bool:
    """Whether the event is a look-up by who remarks on it now: the same worker or system, in the same name."""
    if attempt.actor is None or event.action not in _LOOK_UPS:
        return False
    now = (attempt.actor.organisation, attempt.worker, attempt.actor.system)
    return (event.organisation, event.worker, event.system) == now


def _again(request: Request, attempt: Attempt, before: tuple[bytes, str], digest: bytes) -> Served:
    if before[0] != digest:
        return refused(request, notice_refusals.REMARK_KEY_REUSED)
    answer = LookUpAnnotated.model_validate_json(before[1])
    return Served(result=Result(outcome=Outcome.GRANTED), show=lambda: answer, repeat=lambda: answer, attempt=attempt)


def _remark(request: Request) -> AnnotateLookUp:
    if not isinstance(request.body, AnnotateLookUp):
        raise TypeError("this desk answers remarks on look-ups")
    return request.body
