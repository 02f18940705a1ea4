"""One look-up (haku): facts → gate → read → the log told and acknowledged → only then the answer.

The order of `_answer` is invariant 1. Whatever fails on the way, no data leaves: the attempt is logged as failed,
and until it could be logged the query stays undone and is tried again (`shared.bus.requests`).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.stdlib import BoundLogger

from services.lookup import store
from services.lookup.domain.access import SERVICE, Attempt, Result, clear_part, key_of, personal_part
from services.lookup.domain.found import Found
from services.lookup.domain.view import Rows, Scope, arrange, window_start
from shared.bus.messages import Outgoing
from shared.bus.publisher import NotAcknowledged
from shared.bus.requests import Request
from shared.bus.sealing import KeyRing, commit
from shared.bus.topics import ACCESS_EVENTS
from shared.bus.transaction import Refuse
from shared.clock.business import BusinessClock
from shared.clock.civil import helsinki_date
from shared.contracts.access import AccessDecided, Outcome
from shared.contracts.answers import Answer, Failed, NothingFound, PersonView, Refused
from shared.contracts.asking import PersonQuery
from shared.directory.facts import Moment, gather, read_code
from shared.directory.model import Directory
from shared.finnish.identity_code import IdentityCode
from shared.gate.facts import Facts, Function, Limits
from shared.gate.order import decide
from shared.gate.tables import visible_groups
from shared.ids import event_id, pseudonym

SALT_BYTES: Final = 16
TOO_LATE: Final = Failed(
    code="too_late", reason="The search was not reached in time; nothing was looked up.", retry=True
)
REPEATED: Final = Failed(
    code="repeated", reason="This search was decided before; its data is not shown twice. Search again.", retry=True
)
BROKEN: Final = Failed(code="failed", reason="Something failed on our side; nothing was shown.", retry=True)


class Publishes(Protocol):
    """Publishes and waits for the acknowledgement of all in-sync replicas."""

    async def publish(self, message: Outgoing) -> None:
        """Publish one message.

        Raises:
            NotAcknowledged: Kafka did not confirm it in time.
        """


class Replies(Protocol):
    """Answers a request apart from its handler's return."""

    async def reply(self, request: Request, answer: Answer) -> None:
        """Publish the answer; a lost one is only logged."""


class Ages(Protocol):
    """How old something that was heard is, by the system clock."""

    def age(self, now: datetime) -> timedelta | None:
        """Time since; None when it was never heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUps:
    """Answers person queries.

    Attributes:
        engine: Lookup's database.
        publisher: Where access events go.
        replier: Answers at once when the log cannot be told yet.
        ring: Sealing keys.
        pseudonym_key: Key of the pseudonyms.
        clock: Business clock: the day of law and the event's time.
        now: System clock: sessions, deadlines, freshness.
        directory: What the agreements service has published.
        agreements: Age of that.
        audit: How far the audit log is behind.
        limits: Settings that the gate's rules measure by.
        log: Where trouble is told.
    """

    engine: AsyncEngine
    publisher: Publishes
    replier: Replies
    ring: KeyRing
    pseudonym_key: bytes
    clock: BusinessClock
    now: Callable[[], datetime]
    directory: Directory
    agreements: Ages
    audit: Ages
    limits: Limits
    log: BoundLogger
    _broken: set[UUID] = field(default_factory=set)
    """Requests whose failure is not in the log yet: whatever mends meanwhile, they stay failed."""

    async def answer(self, request: Request) -> Answer:
        """Answer one query.

        Raises:
            Refuse: it is no person query.
            NotAcknowledged: the log could not be told: the query stays undone.
        """
        query = request.body
        if not isinstance(query, PersonQuery):
            raise Refuse("body", f"lookup does not answer requests of kind {query.kind}")
        try:
            answer = await self._answer(request, query)
        except NotAcknowledged:
            raise
        except Exception as error:
            self.log.exception("look_up_failed", request=str(request.id))
            if request.id not in self._broken:
                self._broken.add(request.id)
                await self.replier.reply(request, BROKEN)
            raise NotAcknowledged("the failed look-up is not in the log yet") from error
        self._broken.discard(request.id)
        return answer

    async def _answer(self, request: Request, query: PersonQuery) -> Answer:
        facts, attempt, code = self._prepare(request, query)
        if request.id in self._broken:
            return await self._tell(attempt, Result(outcome=Outcome.FAILED)) or BROKEN
        if request.expired(self.now()):
            return await self._tell(attempt, Result(outcome=Outcome.ABORTED)) or TOO_LATE
        refusal = decide(facts)
        if refusal is not None:
            repeated = await self._tell(attempt, Result(outcome=Outcome.REFUSED, refusal=refusal))
            return repeated or Refused(refusal=refusal, event=_event_of(request.id))
        if code is None or facts.organisation is None:
            raise RuntimeError("the gate let pass what it must refuse")
        client = pseudonym(self.pseudonym_key, "client", code.reveal())
        found = await store.read_client(self.engine, client, facts.organisation.business_id)
        rows = arrange(found, scope_of(facts))
        if found.nothing and not rows.claims:
            repeated = await self._tell(attempt, Result(outcome=Outcome.EMPTY, shown=rows.shown))
            return repeated or NothingFound(looked_up=attempt.time, access_event=_event_of(request.id))
        granted = Result(outcome=Outcome.GRANTED, shown=rows.shown, records=rows.records)
        return await self._tell(attempt, granted) or view_of(attempt, found, rows, code)

    def _prepare(self, request: Request, query: PersonQuery) -> tuple[Facts, Attempt, IdentityCode | None]:
        """Gather the facts: from memory only, so that nothing is read before the gate has decided."""
        time, now = self.clock.now(), self.now()
        actor = request.actor
        own_code = actor.identity_code if actor else None
        worker = None if own_code is None else pseudonym(self.pseudonym_key, "worker", own_code)
        form, code = read_code(query.identity_code)
        moment = Moment(
            day=helsinki_date(time),
            now=now,
            audit_age=self.audit.age(now),
            agreements_age=self.agreements.age(now),
        )
        who = gather(self.directory, actor, worker, function=Function.VIEW_PERSON, moment=moment, limits=self.limits)
        facts = replace(who, purpose=query.purpose, informed=query.informed, identity_code=form)
        attempt = Attempt(
            request=request.id,
            time=time,
            actor=actor,
            worker=worker,
            agreement=facts.agreement,
            purpose=query.purpose,
            informed=query.informed,
            client=code.reveal() if code else None,
        )
        return facts, attempt, code

    async def _tell(self, attempt: Attempt, result: Result) -> Failed | None:
        """Keep the event, publish it and wait for the acknowledgement.

        Returns:
            None when this attempt was told; else the answer to a request that had been decided before, whose
            kept event was published again, byte for byte.
        """
        event = self._event(attempt, result)
        kept = await store.remember(self.engine, attempt.request, event)
        await self.publisher.publish(kept or event)
        return REPEATED if kept else None

    def _event(self, attempt: Attempt, result: Result) -> Outgoing:
        id_ = _event_of(attempt.request)
        plain = personal_part(attempt, result, os.urandom(SALT_BYTES).hex()).model_dump_json().encode()
        sealed = self.ring.seal("access", plain, id=id_, type=AccessDecided.ce_type)
        body = clear_part(attempt, result, commitment=commit(plain), personal=sealed)
        return Outgoing.of(ACCESS_EVENTS, key_of(attempt), id_, body, source=SERVICE, time=attempt.time)


def _event_of(request: UUID) -> UUID:
    return event_id("access", str(request))


def scope_of(facts: Facts) -> Scope:
    """How much a granted look-up may show.

    Raises:
        ValueError: there is no agreement or no day: nothing may be shown.
    """
    agreement, day = facts.agreement, facts.day
    if agreement is None or day is None:
        raise ValueError("nothing may be shown without an agreement and a day")
    return Scope(
        groups=visible_groups(facts),
        benefits=None if agreement.benefits is None else frozenset(agreement.benefits),
        since=window_start(day, agreement.window_months),
    )


def view_of(attempt: Attempt, found: Found, rows: Rows, code: IdentityCode) -> PersonView:
    """The answer: the rows under the person's header. A safety prohibition (turvakielto) hides where they live."""
    person = found.person
    return PersonView(
        name=f"{person.last_name} {person.first_names}" if person else "",
        identity_code=code.reveal(),
        municipality=None if person is None or person.safety_prohibition else person.municipality,
        safety_prohibition=person.safety_prohibition if person else False,
        looked_up=attempt.time,
        access_event=_event_of(attempt.request),
        pending=rows.pending,
        decisions=rows.decisions,
        payments=rows.payments,
        claims=rows.claims,
        trimmed=rows.trimmed,
    )
