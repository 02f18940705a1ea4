"""Asking the services: who asks, on whose behalf, and what every way of not getting an answer means.

The only I/O is Kafka. Nothing is decided here about rights: the gate of the asked service does that.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid4

from services.gateway.domain.acting import Acting
from services.gateway.problems import Problem, no_answer, unavailable, unconfirmed, unexpected
from services.gateway.sessions import Identity
from shared.bus.client import NoAnswer, Question, Unavailable
from shared.bus.topics import CLAIMS_REQUESTS, LOOKUP_REQUESTS, Topic
from shared.clock.business import BusinessClock
from shared.contracts.answers import Answer, ClaimReceipt, Failed, NothingFound, PersonView, Refused
from shared.contracts.asking import Body, ClaimStatusQuery, PersonQuery, RegisterClaim
from shared.contracts.base import Channel, Language
from shared.contracts.requests import Actor
from shared.finnish.errors import FormatError
from shared.finnish.identity_code import IdentityCode
from shared.ids import pseudonym

LookUpAnswer = PersonView | NothingFound | Refused
ClaimAnswer = ClaimReceipt | Refused
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


@dataclass(frozen=True, slots=True)
class Accepted:
    """A claim is on its way and its receipt has not come in time. Ask by its idempotency key."""

    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Sends what people ask to the services and gives back what they may see."""

    bus: Bus
    pseudonym_key: bytes = field(repr=False)
    clock: BusinessClock
    """Stamps what is accepted: a claim's arrival."""
    now: Callable[[], datetime]
    """System clock: how long a signature holds."""
    look_up_seconds: float
    claim_seconds: float

    async def look_up(self, asker: Asker, query: PersonQuery) -> LookUpAnswer:
        """Make one look-up.

        Raises:
            Problem: 503 nothing was looked up, 504 too late, 500 the service failed or answered something else.
        """
        request = uuid4()
        question = self._question(
            LOOKUP_REQUESTS, request, asker, query, key=str(request), seconds=self.look_up_seconds
        )
        try:
            answer = await self._ask(question, self.look_up_seconds)
        except NoAnswer:
            raise no_answer() from None
        match answer:
            case PersonView() if answer.identity_code == _canonical(query.identity_code):
                return answer
            case NothingFound() | Refused():
                return answer
            case Failed():
                raise _failed(answer)
            case _:
                # An answer about somebody else, or to another question, is shown to nobody.
                raise unexpected()

    async def register(self, asker: Asker, claim: RegisterClaim) -> ClaimAnswer | Accepted:
        """Register a claim. Sending it again with the same idempotency key registers nothing twice.

        Raises:
            Problem: 503 Kafka did not confirm that it took the claim, 500 the service failed.
        """
        request = uuid4()
        key = self._claims_key(request, claim.identity_code)
        question = self._question(
            CLAIMS_REQUESTS, request, asker, claim, key=key, seconds=self.claim_seconds, command=True
        )
        try:
            answer = await self._ask(question, self.claim_seconds)
        except NoAnswer:
            return Accepted(claim.idempotency_key)
        return _of_claims(answer)

    async def claim_status(self, asker: Asker, idempotency_key: str) -> ClaimAnswer:
        """How a registration went.

        Raises:
            Problem: 404 nothing is known of it (yet), 503, 504, or 500.
        """
        request = uuid4()
        query = ClaimStatusQuery(idempotency_key=idempotency_key)
        key = self._claims_key(request, "")
        question = self._question(CLAIMS_REQUESTS, request, asker, query, key=key, seconds=self.claim_seconds)
        try:
            answer = await self._ask(question, self.claim_seconds)
        except NoAnswer:
            raise no_answer() from None
        return _of_claims(answer)

    async def _ask(self, question: Question, seconds: float) -> Answer:
        try:
            return await self.bus.ask(question, seconds)
        except Unavailable:
            raise unconfirmed() if question.command else unavailable() from None

    def _question(
        self,
        topic: Topic,
        request: UUID,
        asker: Asker,
        body: Body,
        *,
        key: str,
        seconds: float,
        command: bool = False,
    ) -> Question:
        actor = Actor(
            request=request,
            expires=self.now() + timedelta(seconds=seconds) + _ACTOR_MARGIN,
            identity_code=asker.identity.identity_code,
            name=asker.identity.name,
            signed_in=asker.identity.signed_in,
            organisation=asker.acting.organisation,
            member=asker.acting.member,
            roles=asker.acting.roles,
            channel=asker.channel,
        )
        return Question(topic, request, key, actor, body, self.clock.now(), language=asker.language, command=command)

    def _claims_key(self, request: UUID, code: str) -> str:
        """The client's pseudonym, so that one client's claims stay in order; else something that spreads."""
        try:
            client = IdentityCode.parse(code, allow_artificial=True)
        except FormatError:
            return hashlib.sha256(request.bytes).hexdigest()
        return pseudonym(self.pseudonym_key, "client", client.reveal())


def _canonical(code: str) -> str | None:
    try:
        return IdentityCode.parse(code, allow_artificial=True).reveal()
    except FormatError:
        return None


def _of_claims(answer: Answer) -> ClaimAnswer:
    match answer:
        case ClaimReceipt() | Refused():
            return answer
        case Failed():
            raise _failed(answer)
        case _:
            raise unexpected()


def _failed(answer: Failed) -> Problem:
    """A failure that the service itself told of."""
    if answer.code.endswith("unknown_key"):
        return Problem(404, answer.code, answer.reason, "Ask again in a moment, or send the claim again.")
    status, advice = (503, "Try again in a moment.") if answer.retry else (500, "Tell support if it goes on.")
    return Problem(status, answer.code, answer.reason, advice, headers={"Retry-After": "5"} if answer.retry else None)
