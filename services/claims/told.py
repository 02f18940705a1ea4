"""What came of a request: the answer, and the events without which it is not given."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from services.claims.asking import Ask
from services.claims.domain.booking import Why
from services.claims.store.dry_runs import Count
from shared.bus.messages import Outgoing
from shared.bus.requests import Request
from shared.bus.transaction import Tx
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.base import Pseudonym, Refusal

TOO_LATE = Failed(code="claims.deadline", reason="The question came too late to be worked on.", retry=True)

Rebook = Callable[[Tx, str, Why, datetime], Awaitable[list[Outgoing]]]
"""Writes what an act on a claim changes in its client's books (`allocating.Bookkeeper.rebook`)."""


@dataclass(frozen=True, slots=True)
class Told:
    """The answer, and the events that tell of it: at least one."""

    answer: Answer
    events: tuple[Outgoing, ...]


class Stale(TimeoutError):
    """A fact of the gate is too old to decide on. Passes by itself: the consumer waits and tries again."""


class Desk(Protocol):
    """One kind of request."""

    def prepare(self, request: Request, taken: datetime, now: datetime) -> Ask:
        """Gather what is known before the database is asked.

        Args:
            request: The opened request.
            taken: When Kafka took it (system clock).
            now: System clock.

        Raises:
            Stale: It is a command, and a fact that decides about access is too old.
        """
        ...

    async def clients(self, tx: Tx, ask: Ask) -> tuple[Pseudonym, ...]:
        """Whose claims or books it may change: they are locked, all of a batch in one order, before any is served."""
        ...

    async def serve(self, tx: Tx, ask: Ask) -> Told:
        """Do it, or say why not."""
        ...


Serve = Callable[[Ask], Awaitable[Told]]
"""Serves one request of a transaction."""


@runtime_checkable
class Gathering(Protocol):
    """A desk that reads at once what it needs for requests that came together."""

    async def serving(self, tx: Tx, asks: Sequence[Ask]) -> Serve:
        """Read what is needed for all of these, whose clients are locked; what serves each of them, in their order."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A desk that counts what somebody asks or is refused on a day."""

    def counts(self, ask: Ask) -> Count | None:
        """What it may count; None: nothing. All of a batch are held, in one order, before any request is served."""
        ...


def refused(event: Outgoing, refusal: Refusal) -> Told:
    """A refusal and its event."""
    return Told(Refused(refusal=refusal, event=event.id), (event,))
