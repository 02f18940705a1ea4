"""One question to one service: who asks, for how long, and what every way of not getting an answer means.

The only I/O is Kafka. Nothing is decided here about rights: the gate of the asked service does that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

from services.gateway.domain.acting import Acting
from services.gateway.problems import Problem, no_answer, repeated, unavailable, unconfirmed, undecided, unexpected
from services.gateway.sessions import Identity
from services.gateway.undelivered import Tell
from shared.bus.client import AlreadyAsked, NoAnswer, NotAsked, Question, Unavailable
from shared.bus.topic import Topic
from shared.bus.topics import LOOKUP_REQUESTS
from shared.clock.business import BusinessClock
from shared.contracts.answers import Answer, Failed, Refused
from shared.contracts.asking import Body
from shared.contracts.base import Channel, Contract, Language, Pseudonym
from shared.contracts.requests import Actor

A = TypeVar("A", bound=Contract)
REPEATED = "repeated"
"""A question was decided before it came to be answered: its data is not shown."""
_ACTOR_MARGIN = timedelta(seconds=60)
"""How much longer than the wait an actor's signature lives: a queue in the asked service is no forgery."""


class Bus(Protocol):
    """What the gateway needs of the bus (`shared.bus.client.BusClient`)."""

    async def ask(self, question: Question, timeout: float) -> Answer:  # noqa: ASYNC109 - sent as the deadline too
        """Publish the question and wait for its answer, at most `timeout` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, in whose name, by which channel, and in which language the answer is to be."""

    identity: Identity
    acting: Acting
    channel: Channel
    language: Language
    system: str | None = None
    """Interface use: the municipality's own system that calls."""
    request: UUID | None = None
    """A system's question: the id that follows from its idempotency key; None: a new one for each request."""

    def request_id(self) -> UUID:
        """The id of the question to ask."""
        return self.request or uuid4()


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question before it is put."""

    topic: Topic
    request: UUID
    key: str
    """The record's key: a pseudonym or an id, never an identity code."""
    body: Body
    command: bool = False
    nameless: bool = False
    """The asked service is to know the asker by `worker` only: neither identity code nor name go with the question."""
    worker: Pseudonym | None = None


@dataclass(frozen=True, slots=True)
class Inquirer:
    """Puts questions."""

    bus: Bus
    clock: BusinessClock
    """Stamps what is accepted: a claim's arrival."""
    now: Callable[[], datetime]
    """System clock: how long a signature holds."""
    tell_undelivered: Tell
    """Told of each question to lookup whose answer reached nobody."""

    async def answer(self, asker: Asker, inquiry: Inquiry, seconds: float, wanted: type[A]) -> A | Refused:
        """Put a question and take the answer of the wanted kind, or the refusal.

        Raises:
            Problem: 503 nothing happened as far as we know, 504 too late, 409 asked before, 500 the service failed
                or answered another question: what it said is shown to nobody.
        """
        try:
            answer = await self.put(asker, inquiry, seconds)
        except NoAnswer:
            raise undecided() if inquiry.command else no_answer() from None
        return expect(answer, wanted)

    async def put(self, asker: Asker, inquiry: Inquiry, seconds: float) -> Answer:
        """Put a question.

        Raises:
            NoAnswer: none came in time.
            Problem: 503 Kafka did not take it, 409 the same question is under way.
        """
        actor = Actor(
            request=inquiry.request,
            expires=self.now() + timedelta(seconds=seconds) + _ACTOR_MARGIN,
            identity_code=None if inquiry.nameless else asker.identity.identity_code,
            name="" if inquiry.nameless else asker.identity.name,
            worker=inquiry.worker,
            signed_in=asker.identity.signed_in,
            organisation=asker.acting.organisation,
            member=asker.acting.member,
            roles=asker.acting.roles,
            channel=asker.channel,
            system=asker.system,
        )
        question = Question(
            inquiry.topic,
            inquiry.request,
            inquiry.key,
            actor,
            inquiry.body,
            self.clock.now(),
            language=asker.language,
            command=inquiry.command,
        )
        try:
            answer = await self.bus.ask(question, seconds)
        except AlreadyAsked:
            raise repeated() from None
        except Unavailable as error:
            if not isinstance(error, NotAsked):
                # It may be on Kafka all the same.
                await self._undelivered(asker, question)
            raise (unconfirmed() if inquiry.command else unavailable()) from None
        except NoAnswer:
            await self._undelivered(asker, question)
            raise
        if isinstance(answer, Failed) and answer.code == REPEATED:
            await self._undelivered(asker, question)
        return answer

    async def _undelivered(self, asker: Asker, question: Question) -> None:
        """Tell lookup that nothing of what was asked can be shown any more, where that is known.

        An id that the asking system chose may have been answered before, here or by another gateway.
        """
        if question.topic.name == LOOKUP_REQUESTS.name and not question.command and asker.request is None:
            await self.tell_undelivered(question)


def expect(answer: Answer, wanted: type[A]) -> A | Refused:
    """The answer when it is of the wanted kind or a refusal.

    Raises:
        Problem: the service failed, or answered another question.
    """
    if isinstance(answer, Failed):
        raise failed(answer)
    if isinstance(answer, wanted):
        return answer
    if isinstance(answer, Refused):
        return answer
    raise unexpected()


def failed(answer: Failed) -> Problem:
    """A failure that the service itself told of."""
    if answer.code == REPEATED:
        return repeated()
    if answer.code.endswith("unknown_key"):
        return Problem(404, answer.code, answer.reason, "Ask again in a moment, or send the claim again.")
    status, advice = (503, "Try again in a moment.") if answer.retry else (500, "Tell support if it goes on.")
    return Problem(status, answer.code, answer.reason, advice, headers={"Retry-After": "5"} if answer.retry else None)
