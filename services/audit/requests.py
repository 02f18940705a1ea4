"""The one way by which anything is shown from the log: facts → gate → read → the log told and acknowledged → answer.

Looking at the log is looking too. A desk reads and prepares; what it would show leaves only after Kafka has
acknowledged the access event (invariant 1). Whatever fails on the way, nothing is shown, and that it failed is logged.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from structlog.stdlib import BoundLogger

from services.audit.asking import Attempt
from services.audit.telling import Result, Teller, event_of
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.transaction import Refuse
from shared.contracts.access import Action, Outcome
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.base import Contract, Refusal
from shared.database.errors import classify
from shared.gate.order import ASKING, decide
from shared.gate.rules import actor_verified

TOO_LATE: Final = Failed(code="too_late", reason="The question came too late; nothing was looked up.", retry=True)
REPEATED: Final = Failed(
    code="repeated", reason="This question was decided before; nothing is shown twice. Ask again.", retry=True
)
BROKEN: Final = Failed(code="failed", reason="Something failed on our side; nothing was shown.", retry=True)


@dataclass(frozen=True, slots=True)
class Served:
    """What the log is told, and the answer that leaves only then.

    `act` is what changes by it, done once the log has acknowledged; done again for a request delivered again, it must
    change nothing more.
    """

    result: Result
    answer: Answer
    act: Callable[[], Awaitable[None]] | None = None


class Desk(Protocol):
    """Answers one kind of question."""

    @property
    def action(self) -> Action:
        """What the log calls it, whatever comes of it."""
        ...

    def prepare(self, request: Request) -> Attempt:
        """The facts about who asks, from memory alone."""
        ...

    async def serve(self, attempt: Attempt) -> Served:
        """Read and prepare the answer. The gate's `ASKING` has let it pass; rules of the desk's own may refuse yet."""
        ...

    def asked(self, attempt: Attempt) -> Result:
        """What was asked, for attempts of which nothing comes; the outcome is set by the caller."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRequests:
    """Answers everything that `audit.requests` may ask.

    Attributes:
        desks: Who answers which kind of question.
        teller: Tells the log.
        now: System clock, for deadlines.
        log: Where trouble is told.
    """

    desks: Mapping[type[Contract], Desk]
    teller: Teller
    now: Callable[[], datetime]
    log: BoundLogger

    async def answer(self, request: Request) -> Answer:
        """Answer one question.

        Raises:
            Refuse: audit answers no such question.
            NotAcknowledged: the log could not be told: the question stays undone and is tried again.
        """
        desk = self.desks.get(type(request.body))
        if desk is None:
            raise Refuse("body", f"audit does not answer requests of kind {request.body.kind}")
        attempt = desk.prepare(request)
        served = await self._served(desk, attempt)
        first = await self.teller.tell(attempt, served.result)
        if served.act is not None:
            await served.act()
        return served.answer if first else REPEATED

    async def _served(self, desk: Desk, attempt: Attempt) -> Served:
        if attempt.request.expired(self.now()):
            return _nothing(desk, attempt, Outcome.ABORTED, TOO_LATE)
        refusal = decide(attempt.facts, ASKING)
        if refusal is None and (attempt.actor is None or attempt.own_code is None):
            refusal = actor_verified.REFUSAL
        if refusal is not None:
            return refused(desk, attempt, refusal)
        try:
            return await desk.serve(attempt)
        except Exception as error:
            if isinstance(error, NotAcknowledged) or classify(error) == "transient":
                raise
            self.log.exception("question_failed", request=str(attempt.request.id), kind=attempt.request.body.kind)
            return _nothing(desk, attempt, Outcome.FAILED, BROKEN)


def refused(desk: Desk, attempt: Attempt, refusal: Refusal) -> Served:
    """A refusal, for the log and for whoever asked."""
    return _nothing(
        desk, attempt, Outcome.REFUSED, Refused(refusal=refusal, event=event_of(attempt.request.id)), refusal
    )


def _nothing(desk: Desk, attempt: Attempt, outcome: Outcome, answer: Answer, refusal: Refusal | None = None) -> Served:
    asked = desk.asked(attempt)
    result = Result(
        outcome=outcome,
        action=desk.action,
        refusal=refusal,
        client=asked.client,
        subject=asked.subject,
        reason=asked.reason,
    )
    return Served(result, answer)
