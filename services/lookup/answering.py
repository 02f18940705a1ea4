"""The one way by which anything is answered: facts → gate → read → the log told and acknowledged → only then data.

The order of `_answer` is invariant 1, and every kind of request passes through it: a desk reads and prepares, but what
it would show is made by a function that is called only after the acknowledgement. Whatever fails on the way, no data
leaves: the attempt is logged as failed, and until it could be logged the query stays undone and is tried again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

from structlog.stdlib import BoundLogger

from services.lookup.domain.access import Attempt, Result, repeats
from services.lookup.telling import Teller, event_of
from services.lookup.undelivered import Undelivered
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.transaction import Refuse
from shared.contracts.access import Outcome
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.asking import NotDelivered
from shared.contracts.base import Contract, Refusal
from shared.gate.facts import Facts
from shared.gate.order import ASKING, decide

TOO_LATE: Final = Failed(
    code="too_late", reason="The search was not reached in time; nothing was looked up.", retry=True
)
REPEATED: Final = Failed(
    code="repeated", reason="This search was decided before; its data is not shown twice. Search again.", retry=True
)
BROKEN: Final = Failed(code="failed", reason="Something failed on our side; nothing was shown.", retry=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What a desk found.

    Attributes:
        result: What the log is told.
        show: Makes the answer; called only after the log has acknowledged.
        repeat: Makes the answer of a request that was decided before, where the log was told of just this; None where
            data would be shown twice.
        attempt: The attempt as reading has completed it, where the request itself names no client; None: as prepared.
    """

    result: Result
    show: Callable[[], Answer]
    repeat: Callable[[], Answer] | None = None
    attempt: Attempt | None = None


class Desk(Protocol):
    """Answers one kind of request."""

    def prepare(self, request: Request) -> tuple[Facts, Attempt]:
        """The facts about who asks and what for, from memory alone; what the log will know of the attempt."""

    async def serve(self, request: Request, facts: Facts, attempt: Attempt) -> Served:
        """Read, apply the rules about the client, and prepare the answer. The gate's `ASKING` has let it pass."""


class Replies(Protocol):
    """Answers a request apart from its handler's return."""

    async def reply(self, request: Request, answer: Answer) -> None:
        """Publish the answer; a lost one is only logged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers everything that lookup is asked.

    Attributes:
        desks: Who answers which kind of request.
        teller: Tells the log.
        undelivered: Takes back what never reached the worker.
        replier: Answers at once when the log cannot be told yet.
        expired: Whether a request's deadline has passed, by the system clock.
        log: Where trouble is told.
    """

    desks: Mapping[type[Contract], Desk]
    teller: Teller
    undelivered: Undelivered
    replier: Replies
    expired: Callable[[Request], bool]
    log: BoundLogger
    _broken: set[UUID] = field(default_factory=set)
    """Requests whose failure is not in the log yet: whatever mends meanwhile, they stay failed."""

    async def answer(self, request: Request) -> Answer:
        """Answer one request.

        Raises:
            Refuse: lookup does not answer such requests.
            NotAcknowledged: the log could not be told: the request stays undone.
        """
        if isinstance(request.body, NotDelivered):
            return await self.undelivered.note(request, request.body)
        desk = self.desks.get(type(request.body))
        if desk is None:
            raise Refuse("body", f"lookup does not answer requests of kind {request.body.kind}")
        try:
            answer = await self._answer(request, desk)
        except NotAcknowledged:
            raise
        except Exception as error:
            self.log.exception("request_failed", request=str(request.id), kind=request.body.kind)
            if request.id not in self._broken:
                self._broken.add(request.id)
                await self.replier.reply(request, BROKEN)
            raise NotAcknowledged("the failed request is not in the log yet") from error
        self._broken.discard(request.id)
        return answer

    async def _answer(self, request: Request, desk: Desk) -> Answer:
        facts, attempt = desk.prepare(request)
        if request.id in self._broken:
            served = _without_data(Outcome.FAILED, BROKEN)
        elif self.expired(request):
            served = _without_data(Outcome.ABORTED, TOO_LATE)
        elif (refusal := decide(facts, ASKING)) is not None:
            served = refused(request, refusal)
        else:
            served = await desk.serve(request, facts, attempt)
        tried = served.attempt or attempt
        before = await self.teller.tell(tried, served.result)
        if before is None:
            return served.show()
        # What is shown must be what the log was told then, not what the same id asks for now.
        if served.repeat is not None and repeats(before.event, tried):
            return served.repeat()
        return REPEATED


def refused(request: Request, refusal: Refusal) -> Served:
    """A refusal, for the log and for the worker."""
    event = event_of(request.id)
    return Served(
        result=Result(outcome=Outcome.REFUSED, refusal=refusal), show=lambda: Refused(refusal=refusal, event=event)
    )


def _without_data(outcome: Outcome, answer: Failed) -> Served:
    return Served(result=Result(outcome=outcome), show=lambda: answer)
